package io.glossa.featurize.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.glossa.featurize.Speech;
import io.glossa.featurize.decode.Align;
import io.glossa.featurize.decode.AudioDecoder;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What lies under speech but is not sound: offsets of the zero line. */
class SegmenterOffsetTest {
    private static final int RATE = AudioDecoder.SAMPLE_RATE;
    /** −46 dB. */
    private static final double OFFSET = 0.005;

    /** Three words, peak −20 dB, 5 s of a microphone's noise between them. */
    private static final float[] WORDS = words();

    static List<Arguments> offsets() {
        return List.of(
                offset("a constant", n -> OFFSET),
                offset("a constant of −6 dB", n -> -0.5),
                offset("a drift", n -> 0.1 * n / WORDS.length - 0.05),
                offset("a slow wave", n -> 0.05 * Math.sin(2 * Math.PI * 0.5 * n / RATE)),
                offset("a step", n -> n < 4 * RATE ? 0 : OFFSET),
                offset("a large step within a step of the levels", n -> n < 4 * RATE + 77 ? -0.2 : 0.3),
                offset("a gap without offset", n -> n > 3 * RATE && n < 5 * RATE ? 0 : OFFSET));
    }

    @ParameterizedTest
    @MethodSource("offsets")
    void cutsAsWithoutOffset(IntToDoubleFunction offset) {
        List<Segment> expected = Segmenter.segments(WORDS, SegmenterConfig.standard());
        assertThat(expected).hasSize(3);
        List<Segment> segments = Segmenter.segments(plus(WORDS, offset), SegmenterConfig.standard());
        assertThat(segments).hasSameSizeAs(expected);
        for (int i = 0; i < segments.size(); i++) {
            assertThat(segments.get(i).start()).isCloseTo(expected.get(i).start(), within(StepPower.STEP));
            assertThat(segments.get(i).end()).isCloseTo(expected.get(i).end(), within(StepPower.STEP));
        }
    }

    @ParameterizedTest
    @MethodSource("offsets")
    void findsNoSpeechInAnOffset(IntToDoubleFunction offset) {
        assertThat(Segmenter.segments(plus(new float[WORDS.length], offset), SegmenterConfig.standard()))
                .isEmpty();
        assertThat(Segmenter.segments(plus(Speech.noise(10, 1e-4, 5), offset), SegmenterConfig.standard()))
                .isEmpty();
    }

    /** Hum is sound, and steady: like noise, it hides speech that is less than 20 dB louder. */
    @Test
    void cutsInHumAsInNoise() {
        List<Segment> expected = Segmenter.segments(WORDS, SegmenterConfig.standard());
        double loud = Align.rms(Speech.telephone()) / 10;
        float[] hum = plus(WORDS, n -> 0.05 * loud * Math.sqrt(2) * Math.sin(2 * Math.PI * 50 * n / RATE));
        assertThat(Segmenter.segments(hum, SegmenterConfig.standard())).hasSameSizeAs(expected);
    }

    @Test
    void takesNothingFromSpeech() {
        for (int hertz : new int[] {80, 100, 200, 1000, 7000}) {
            float[] tone = plus(new float[RATE], n -> Math.sqrt(2) * Math.sin(2 * Math.PI * hertz * n / RATE));
            double[] power = new StepPower(tone).around(1);
            for (int i = 1; i < power.length - 1; i++) {
                assertThat(10 * Math.log10(power[i])).as("%d Hz", hertz).isCloseTo(0, within(0.7));
            }
        }
    }

    @Test
    void measuresWhatIsLeftOfSingleSamples() {
        assertThat(new StepPower(new float[0]).around(1)).isEmpty();
        assertThat(new StepPower(new float[] {0.5f}).around(1)).containsExactly(0);
        assertThat(new StepPower(new float[161]).around(0)).containsExactly(0, 0);
    }

    private static float[] words() {
        float[] word = Speech.times(Speech.telephone(), 0.1);
        float[] words = Speech.join(word, new float[5 * RATE], word, new float[5 * RATE], word);
        float[] noise = Speech.noise((double) words.length / RATE, 5e-5, 3);
        return plus(words, n -> noise[Math.min(n, noise.length - 1)]);
    }

    private static float[] plus(float[] samples, IntToDoubleFunction offset) {
        float[] sum = samples.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += (float) offset.applyAsDouble(i);
        }
        return sum;
    }

    private static Arguments offset(String name, IntToDoubleFunction offset) {
        return Arguments.of(Named.of(name, offset));
    }
}
