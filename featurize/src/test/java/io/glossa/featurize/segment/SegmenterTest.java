package io.glossa.featurize.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.glossa.featurize.Speech;
import io.glossa.featurize.decode.AudioDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SegmenterTest {
    private static final SegmenterConfig CONFIG = SegmenterConfig.standard();
    private static final int RATE = AudioDecoder.SAMPLE_RATE;

    @Test
    void trimsSilenceAroundSpeech() {
        float[] speech = Speech.wideband();
        float[] samples = Speech.join(Speech.noise(3, 1e-4, 1), speech, Speech.noise(4, 1e-4, 2));
        List<Segment> segments = Segmenter.segments(samples, CONFIG);
        assertThat(segments).hasSize(1);
        assertThat(segments.get(0).start()).isBetween((int) (2.7 * RATE), (int) (3.3 * RATE));
        assertThat(segments.get(0).end()).isBetween(3 * RATE + speech.length / 2, 3 * RATE + speech.length + RATE / 2);
    }

    @Test
    void findsNothingInSilence() {
        assertThat(Segmenter.segments(new float[0], CONFIG)).isEmpty();
        assertThat(Segmenter.segments(new float[5 * RATE], CONFIG)).isEmpty();
        assertThat(Segmenter.segments(Speech.noise(5, 1e-4, 3), CONFIG)).isEmpty();
    }

    @Test
    void packsNeighboursAndEndsAtLongPauses() {
        float[] word = Speech.telephone();
        float[] samples = Speech.join(word, new float[RATE], word, new float[5 * RATE], word);
        List<Segment> segments = Segmenter.segments(samples, CONFIG);
        assertThat(segments).hasSize(2);
        assertThat(segments.get(0).length() / (double) RATE).isCloseTo(3.8, within(0.5));
    }

    @Test
    void cutsLongSpeechInItsPauses() {
        long seed = 11;
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        List<float[]> parts = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            parts.add(i % 2 == 0 ? Speech.wideband() : Speech.telephone());
            parts.add(Speech.noise(0.15 + 0.7 * random.nextDouble(), 2e-4, i));
        }
        float[] samples = Speech.join(parts.toArray(float[][]::new));
        List<Segment> segments = Segmenter.segments(samples, CONFIG);
        double loud = level(samples, 0, samples.length);
        int end = 0;
        for (Segment segment : segments) {
            assertThat(segment.length()).isBetween(1, 30 * RATE);
            assertThat(segment.start()).isGreaterThanOrEqualTo(end);
            assertThat(level(samples, end, segment.start()))
                    .as("what is left out is quiet")
                    .isLessThan(loud - 30);
            int from = Math.max(0, segment.start() - 160);
            assertThat(level(samples, from, from + 320))
                    .as("cut at %d", segment.start())
                    .isLessThan(loud - 20);
            end = segment.end();
        }
        assertThat(level(samples, end, samples.length)).isLessThan(loud - 30);
        assertThat(segments.size()).isLessThan(12);
        assertThat(Segmenter.segments(samples, CONFIG)).isEqualTo(segments);
    }

    @Test
    void cutsEvenWithoutAnySilence() {
        float[] samples = Speech.noise(95, 0.2, 9);
        List<Segment> segments = Segmenter.segments(samples, CONFIG);
        int end = 0;
        for (Segment segment : segments) {
            assertThat(segment.start()).isEqualTo(end);
            assertThat(segment.length()).isLessThanOrEqualTo(30 * RATE);
            end = segment.end();
        }
        assertThat(end).isEqualTo(samples.length);
    }

    @Test
    void leavesClicksOut() {
        float[] samples = new float[10 * RATE];
        samples[3 * RATE] = 0.9f;
        System.arraycopy(Speech.wideband(), 0, samples, 6 * RATE, 20_000);
        List<Segment> segments = Segmenter.segments(samples, CONFIG);
        assertThat(segments).hasSize(1);
        assertThat(segments.get(0).start()).isGreaterThan(5 * RATE);
    }

    private static double level(float[] samples, int from, int to) {
        double sum = 1e-12;
        for (int i = from; i < to; i++) {
            sum += (double) samples[i] * samples[i];
        }
        return 10 * Math.log10(sum / Math.max(1, to - from));
    }
}
