package io.glossa.featurize.decode;

import static io.glossa.featurize.decode.Decode.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.featurize.Speech;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MixdownTest {
    private static final float[] SPEECH = Speech.join(Speech.wideband(), Speech.wideband());
    private static final float[] OTHER =
            Arrays.copyOf(Speech.join(Speech.telephone(), Speech.telephone(), Speech.telephone()), SPEECH.length);

    @ParameterizedTest
    @CsvSource({
        "wav, pcm_s16le, 16000",
        "wav, pcm_s16le, 44100",
        "flac, flac, 48000",
        "wav, pcm_f32le, 16000",
        "mp3, libmp3lame, 44100",
        "ipod, aac, 44100"
    })
    void takesAChannelOfTwoInAntiphase(String muxer, String codec, int rate) {
        byte[] file = TestEncoder.encode(muxer, codec, rate, SPEECH, Speech.times(SPEECH, -1));
        float[] alone = ok(TestEncoder.encode("wav", "pcm_s16le", rate, SPEECH)).samples();
        Decoded.Ok decoded = ok(file);
        assertThat(decoded.partial()).isFalse();
        assertThat(decoded.warning()).matches("the channels cancel in their mean: took channel [12] of 2");
        assertThat(decoded.info().channels()).isEqualTo(2);
        float[] turned = Speech.times(alone, decoded.warning().contains("channel 1") ? 1 : -1);
        assertThat(Align.correlation(turned, decoded.samples(), 2500)).isGreaterThan(0.97);
    }

    @Test
    void takesTheLouderOfTwoInAntiphase() {
        assertThat(ok(wav(Speech.times(SPEECH, -0.7), SPEECH)).warning()).contains("took channel 2 of 2");
        assertThat(ok(wav(SPEECH, Speech.times(SPEECH, -0.7))).warning()).contains("took channel 1 of 2");
    }

    @ParameterizedTest
    @CsvSource({"0.2, 0.4", "0, 0.5", "0.1, 1"})
    void takesAChannelWhereAPartIsInAntiphase(double from, double to) {
        float[] turned = SPEECH.clone();
        for (int i = (int) (from * turned.length); i < to * turned.length; i++) {
            turned[i] *= -1;
        }
        assertTaken(SPEECH, wav(SPEECH, turned), 1);
    }

    @Test
    void takesAChannelOfAPairTurnedByAlmostHalfACircle() {
        float[] tone = tone(0);
        assertThat(ok(wav(tone, tone(Math.toRadians(160)))).warning()).contains("took channel 1");
        assertThat(ok(wav(tone, tone(Math.toRadians(90)))).warning()).isNull();
    }

    @Test
    void takesAChannelOfMany() {
        assertTaken(SPEECH, wav(SPEECH, Speech.times(SPEECH, -1), new float[SPEECH.length]), 1);
        assertTaken(SPEECH, wav(Speech.times(SPEECH, -0.5), SPEECH, Speech.times(SPEECH, -0.5)), 2);
        float[] hiss = Speech.noise((double) SPEECH.length / 16_000, 1e-4, 4);
        float[] antiphase = Speech.times(SPEECH, -1);
        assertTaken(antiphase, wav(hiss, hiss, hiss, hiss, antiphase, SPEECH), 5);
    }

    /** Offsets neither hide what cancels nor cancel. */
    @Test
    void looksAtLevelsWithoutOffset() {
        float[] antiphase = Speech.times(SPEECH, -1);
        assertThat(ok(wav(plus(SPEECH, 0.3f), plus(antiphase, 0.3f))).warning()).contains("took channel");
        assertThat(ok(wav(plus(SPEECH, 0.3f), plus(SPEECH, -0.3f))).warning()).isNull();
    }

    @Test
    void keepsTheMeanWhereItHoldsAll() {
        float[] none = new float[SPEECH.length];
        assertMean(wav(SPEECH, SPEECH));
        assertMean(wav(SPEECH, none));
        assertMean(wav(none, none, SPEECH, none, none, none));
        assertMean(wav(none, none));
        assertThat(ok(wav(SPEECH, OTHER)).warning()).as("two speakers").isNull();
        assertThat(ok(wav(SPEECH, OTHER, none)).warning()).as("three channels").isNull();
        assertThat(ok(wav(SPEECH, Speech.times(SPEECH, -0.4))).warning())
                .as("8 dB apart: most of it is left")
                .isNull();
    }

    /** One microphone further away than the other. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8, 16})
    void keepsTheMeanOfADelay(int samples) {
        float[] later = Arrays.copyOf(Speech.join(new float[samples], SPEECH), SPEECH.length);
        assertThat(ok(wav(SPEECH, later)).warning()).isNull();
    }

    private static void assertTaken(float[] expected, byte[] file, int channel) {
        Decoded.Ok decoded = ok(file);
        assertThat(decoded.warning()).contains("took channel " + channel + " of ");
        assertThat(FlacEncoder.quantize(decoded.samples())).isEqualTo(FlacEncoder.quantize(expected));
    }

    private static void assertMean(byte[] file) {
        Decoded.Ok decoded = ok(file);
        assertThat(decoded.warning()).isNull();
        float level = (float) (Align.rms(decoded.samples()) / Align.rms(SPEECH));
        assertThat(decoded.samples()).usingComparatorWithPrecision(1e-4f).containsExactly(Speech.times(SPEECH, level));
    }

    private static float[] tone(double phase) {
        float[] tone = new float[SPEECH.length];
        for (int i = 0; i < tone.length; i++) {
            tone[i] = (float) (0.3 * Math.sin(2 * Math.PI * 300 * i / 16_000 + phase));
        }
        return tone;
    }

    private static float[] plus(float[] samples, float offset) {
        float[] sum = samples.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += offset;
        }
        return sum;
    }

    private static byte[] wav(float[]... channels) {
        return TestEncoder.encode("wav", "pcm_s16le", 16_000, channels);
    }
}
