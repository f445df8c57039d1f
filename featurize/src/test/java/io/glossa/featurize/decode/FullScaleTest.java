package io.glossa.featurize.decode;

import static io.glossa.featurize.decode.Decode.ok;
import static io.glossa.featurize.decode.Decode.reject;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.glossa.featurize.RejectCode;
import io.glossa.featurize.Speech;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FullScaleTest {
    private static final float[] SPEECH = Speech.wideband();

    @ParameterizedTest
    @CsvSource({
        "wav, pcm_f32le, 15, 16000", "wav, pcm_f32le, 23, 16000", "wav, pcm_f32le, 31, 16000",
        "wav, pcm_f64le, 15, 16000", "wav, pcm_f64le, 31, 44100", "aiff, pcm_f32be, 15, 48000",
        "caf, pcm_f32le, 23, 8000", "au, pcm_f64be, 23, 16000", "w64, pcm_f32le, 15, 22050"
    })
    void bringsIntegersStoredAsFloatsToFullScale(String muxer, String codec, int bits, int rate) {
        float[] plain = ok(TestEncoder.encode(muxer, codec, rate, SPEECH)).samples();
        Decoded.Ok scaled = ok(TestEncoder.encode(muxer, codec, rate, Speech.times(SPEECH, 1L << bits)));
        assertThat(scaled.partial()).isFalse();
        assertThat(scaled.warning()).contains("divided by " + (1L << bits));
        assertThat(scaled.samples()).usingComparatorWithPrecision(1e-6f).containsExactly(plain);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.1})
    void bringsQuietIntegersToFullScale(double level) {
        float[] quiet = Speech.times(SPEECH, level);
        Decoded.Ok scaled = ok(wav(Speech.times(quiet, 32_768)));
        assertThat(scaled.warning()).contains("divided by 32768");
        assertThat(scaled.samples()).usingComparatorWithPrecision(1e-6f).containsExactly(quiet);
    }

    /** Integers as floats with much digital silence are no floats with some clipped samples. */
    @ParameterizedTest
    @ValueSource(ints = {1, 200})
    void doesNotCountZeros(int seconds) {
        float[] sparse = Speech.join(new float[seconds * 16_000], Speech.times(SPEECH, 32_768));
        assertThat(ok(wav(sparse)).warning()).contains("divided by 32768");
    }

    @ParameterizedTest
    @CsvSource({"pcm_f32le, 16000", "pcm_f64le, 16000", "pcm_f32le, 44100"})
    void keepsTheLevelOfHeadroom(String codec, int rate) {
        float[] loud = Speech.times(SPEECH, 1.9 / peak(SPEECH));
        Decoded.Ok decoded = ok(TestEncoder.encode("wav", codec, rate, loud));
        assertThat(decoded.warning()).isNull();
        assertThat(peak(decoded.samples())).isCloseTo(1.9f, within(0.1f));
    }

    @ParameterizedTest
    @CsvSource({"5, 16000", "30, 16000", "30, 44100", "1e11, 16000", "1e30, 44100"})
    void refusesWhatIsNeitherFloatsNorIntegers(double peak, int rate) {
        byte[] file = TestEncoder.encode("wav", "pcm_f32le", rate, Speech.times(SPEECH, peak / peak(SPEECH)));
        assertThat(reject(file).code()).isEqualTo(RejectCode.BAD_SAMPLES);
    }

    @ParameterizedTest
    @CsvSource({
        "pcm_f32le, NaN, 16000", "pcm_f64le, NaN, 16000", "pcm_f32le, Infinity, 16000",
        "pcm_f64le, -Infinity, 44100", "pcm_f32le, 1e30, 16000", "pcm_f32le, NaN, 44100"
    })
    void mendsFewThatAreNoNumbersAndRefusesMany(String codec, float wrong, int rate) {
        Decoded.Ok decoded = ok(TestEncoder.encode("wav", codec, rate, with(wrong, 20)));
        assertThat(decoded.partial()).isFalse();
        assertThat(decoded.warning()).startsWith("20 of " + SPEECH.length + " samples were no numbers");
        float[] whole = ok(TestEncoder.encode("wav", codec, rate, SPEECH)).samples();
        assertThat(Align.correlationAt(whole, decoded.samples(), 0)).isGreaterThan(0.99);

        Decoded.Reject reject = reject(TestEncoder.encode("wav", codec, rate, with(wrong, SPEECH.length / 20)));
        assertThat(reject.code()).isEqualTo(RejectCode.BAD_SAMPLES);
        assertThat(reject.detail()).contains("samples are no numbers");
    }

    @ParameterizedTest
    @ValueSource(floats = {3, 100, 30_000, 1e9f})
    void clipsFewThatAreFarBeyondTheRest(float spike) {
        Decoded.Ok decoded = ok(wav(with(spike, 5)));
        assertThat(decoded.warning()).startsWith("5 samples beyond 2").endsWith("clipped");
        assertThat(peak(decoded.samples())).isEqualTo(2);
        assertThat(decoded.samples()[0]).isEqualTo(SPEECH[0]);
    }

    /** Speech with this many samples of another value, which lie apart. */
    private static float[] with(float wrong, int count) {
        long seed = 7;
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        float[] samples = SPEECH.clone();
        int apart = samples.length / count;
        for (int i = 0; i < count; i++) {
            samples[i * apart + 1 + random.nextInt(apart - 1)] = wrong;
        }
        return samples;
    }

    private static byte[] wav(float[] samples) {
        return TestEncoder.encode("wav", "pcm_f32le", 16_000, samples);
    }

    private static float peak(float[] samples) {
        float peak = 0;
        for (float sample : samples) {
            peak = Math.max(peak, Math.abs(sample));
        }
        return peak;
    }
}
