package io.glossa.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.glossa.error.GlossaException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PseudoLabelsTest {
    private static final List<String> IDS =
            IntStream.range(0, 2000).mapToObj(i -> "utterance-" + i).toList();

    @Test
    void aWholeWeightIsHowOftenEachIsSeen() {
        assertThat(IDS).allMatch(id -> new PseudoLabels(1, 3).times(id) == 3);
    }

    @Test
    void aFractionChoosesAFixedPart() {
        double seen = IDS.stream()
                .mapToInt(new PseudoLabels(1, 1.25)::times)
                .average()
                .orElseThrow();

        assertThat(seen).isCloseTo(1.25, within(0.03));
        assertThat(IDS.stream().mapToInt(new PseudoLabels(1, 0.25)::times).toArray())
                .as("the same part at every time, and with 1 more at 1.25")
                .isEqualTo(IDS.stream()
                        .mapToInt(id -> new PseudoLabels(2, 1.25).times(id) - 1)
                        .toArray());
    }

    @Test
    void aWeightOfNothingIsRefused() {
        assertThatThrownBy(() -> new PseudoLabels(1, 0)).isInstanceOf(GlossaException.class);
    }
}
