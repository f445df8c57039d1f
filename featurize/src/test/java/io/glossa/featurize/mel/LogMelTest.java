package io.glossa.featurize.mel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.glossa.error.GlossaException;
import io.glossa.featurize.Speech;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogMelTest {
    private final LogMel mel = LogMel.of(FrontEndConfig.usm());

    @Test
    void agreesWithLibrosaOnRecordings() throws IOException {
        JsonNode golden = new ObjectMapper().readTree(Speech.bytes("golden.json"));
        assertThat(golden.get("files")).hasSize(3);
        for (JsonNode file : golden.get("files")) {
            float[] samples = Speech.samples(file.get("audio").asText());
            assertThat(samples).hasSize(file.get("samples").asInt());
            float[] expected = floats(Speech.bytes(file.get("values").asText()));
            assertThat(expected)
                    .hasSize(file.get("frames").asInt() * file.get("mels").asInt());
            assertThat(largestDifference(mel.compute(samples), expected)).isLessThan(1e-5);
        }
    }

    @Test
    void agreesWithTheDefinition() {
        long seed = 7;
        System.out.println("seed " + seed);
        for (FrontEndConfig config : new FrontEndConfig[] {
            FrontEndConfig.usm(), new FrontEndConfig(16_000, 400, 100, 1024, 80, 60, 8000, 0.97, 1e-3)
        }) {
            float[] samples = Speech.join(Speech.noise(0.5, 0.1, seed), new float[3000], Speech.telephone());
            assertThat(largestDifference(LogMel.of(config).compute(samples), byDefinition(samples, config)))
                    .isLessThan(1e-4);
        }
    }

    @Test
    void countsFrames() {
        assertThat(mel.frames(0)).isZero();
        assertThat(mel.frames(511)).isZero();
        assertThat(mel.frames(512)).isOne();
        assertThat(mel.frames(671)).isOne();
        assertThat(mel.frames(672)).isEqualTo(2);
        for (int samples : new int[] {0, 511, 512, 20_000, 128 * 160 + 352, 129 * 160 + 352}) {
            assertThat(mel.compute(new float[samples])).hasSize(128 * mel.frames(samples));
        }
    }

    @Test
    void aFrameDependsOnItsSamplesAlone() {
        float[] samples = Speech.wideband();
        float[] whole = mel.compute(samples);
        for (int frame : new int[] {0, 1, 63, 64, 100, mel.frames(samples.length) - 1}) {
            float[] alone = mel.compute(Arrays.copyOfRange(samples, 160 * frame, 160 * frame + 512));
            assertThat(largestDifference(alone, Arrays.copyOfRange(whole, 128 * frame, 128 * frame + 128)))
                    .isLessThan(1e-6);
        }
    }

    @Test
    void silenceIsTheFloor() {
        for (float value : mel.compute(new float[5000])) {
            assertThat(value).isCloseTo((float) Math.log(1e-5), within(2e-6f));
        }
    }

    @Test
    void computesTheSameAgain() {
        float[] samples = Speech.wideband();
        float[] first = mel.compute(samples);
        mel.compute(Speech.noise(3, 0.5, 1));
        assertThat(mel.compute(samples)).isEqualTo(first);
    }

    @Test
    void logarithmErrsLittle() {
        Random random = new Random(3);
        float[] values = new float[100_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.exp(random.nextDouble() * 30 - 20);
        }
        float[] logs = values.clone();
        new LogBlock(1e-5).log(logs, 0, logs.length);
        double worst = 0;
        for (int i = 0; i < values.length; i++) {
            worst = Math.max(worst, Math.abs(logs[i] - Math.log(Math.max(values[i], 1e-5f))));
        }
        assertThat(worst).isLessThan(1.5e-6);
    }

    @Test
    void refusesWhatItCannotDo() {
        assertThatThrownBy(() -> new FrontEndConfig(16_000, 513, 160, 1024, 128, 125, 7600, 0, 1e-5))
                .isInstanceOf(GlossaException.class)
                .hasMessageContaining("frame-length");
        assertThatThrownBy(() -> new FrontEndConfig(16_000, 512, 160, 1024, 128, 125, 9000, 0, 1e-5))
                .hasMessageContaining("high-hz");
    }

    private static double largestDifference(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        double worst = 0;
        for (int i = 0; i < actual.length; i++) {
            worst = Math.max(worst, Math.abs((double) actual[i] - expected[i]));
        }
        return worst;
    }

    private static float[] floats(byte[] bytes) {
        float[] floats = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
        return floats;
    }

    /** A discrete Fourier transform by its formula and triangles by theirs. */
    private static float[] byDefinition(float[] samples, FrontEndConfig config) {
        int frames = 1 + (samples.length - config.frameLength()) / config.hop();
        float[] out = new float[frames * config.mels()];
        for (int t = 0; t < frames; t++) {
            double[] windowed = new double[config.frameLength()];
            for (int n = 0; n < windowed.length; n++) {
                int at = t * config.hop() + n;
                double emphasised = samples[at] - config.preEmphasis() * samples[n == 0 ? at : at - 1];
                windowed[n] = emphasised * (0.5 - 0.5 * Math.cos(2 * Math.PI * n / config.frameLength()));
            }
            double[] magnitudes = magnitudes(windowed, config.fftSize());
            for (int m = 0; m < config.mels(); m++) {
                double sum = 0;
                for (int k = 0; k < magnitudes.length; k++) {
                    sum += magnitudes[k] * weight(m, (double) k * config.sampleRate() / config.fftSize(), config);
                }
                out[t * config.mels() + m] = (float) Math.log(Math.max(sum, config.floor()));
            }
        }
        return out;
    }

    private static double[] magnitudes(double[] windowed, int size) {
        double[] magnitudes = new double[size / 2 + 1];
        for (int k = 0; k < magnitudes.length; k++) {
            double re = 0;
            double im = 0;
            for (int n = 0; n < windowed.length; n++) {
                double angle = -2 * Math.PI * ((long) k * n % size) / size;
                re += windowed[n] * Math.cos(angle);
                im += windowed[n] * Math.sin(angle);
            }
            magnitudes[k] = Math.hypot(re, im);
        }
        return magnitudes;
    }

    private static double weight(int m, double hz, FrontEndConfig config) {
        double low = edge(m, config);
        double centre = edge(m + 1, config);
        double high = edge(m + 2, config);
        return Math.max(0, Math.min((hz - low) / (centre - low), (high - hz) / (high - centre)));
    }

    private static double edge(int i, FrontEndConfig config) {
        double low = 2595 * Math.log10(1 + config.lowHz() / 700);
        double high = 2595 * Math.log10(1 + config.highHz() / 700);
        return 700 * (Math.pow(10, (low + (high - low) * i / (config.mels() + 1)) / 2595) - 1);
    }
}
