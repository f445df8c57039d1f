package io.glossa.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CurriculumTest {
    private static final List<String> STREAMS = List.of("untranscribed", "paired", "text");

    @Test
    void countsTheStepsThatHaveAStream() {
        Curriculum curriculum =
                Curriculum.parse(List.of("20:untranscribed+paired", "5:text=0.3", "10:paired=2+text"), STREAMS);

        assertThat(curriculum.steps()).isEqualTo(35);
        assertThat(curriculum.weights(19)).isEqualTo(Map.of("untranscribed", 1.0, "paired", 1.0));
        assertThat(curriculum.weights(20)).isEqualTo(Map.of("text", 0.3));
        assertThat(curriculum.weights(34)).isEqualTo(Map.of("paired", 2.0, "text", 1.0));
        assertThat(curriculum.weights(35)).isEmpty();
        assertThat(curriculum.before("paired", 20)).isEqualTo(20);
        assertThat(curriculum.before("paired", 25)).isEqualTo(20);
        assertThat(curriculum.before("paired", 27)).isEqualTo(22);
        assertThat(curriculum.before("text", 20)).isZero();
        assertThat(curriculum.before("text", 28)).isEqualTo(8);
        for (String stream : STREAMS) {
            for (long step = 0; step < curriculum.steps(); step++) {
                if (curriculum.weights(step).containsKey(stream)) {
                    assertThat(curriculum.step(stream, curriculum.before(stream, step)))
                            .isEqualTo(step);
                }
            }
        }
        assertThat(curriculum.text())
                .containsExactly("20:paired=1.0+untranscribed=1.0", "5:text=0.3", "10:paired=2.0+text=1.0");
        assertThat(Curriculum.parse(curriculum.text(), STREAMS)).isEqualTo(curriculum);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "20",
                "paired",
                "0:paired",
                "x:paired",
                "5:",
                "5:speech",
                "5:paired=0",
                "5:paired=x",
                "5:text+text",
                "5:paired+"
            })
    void refusesAnythingElse(String phase) {
        assertThatThrownBy(() -> Curriculum.parse(List.of(phase), STREAMS))
                .hasMessageStartingWith("Cannot train in the phase '" + phase + "', expected")
                .hasMessageContaining("streams: untranscribed, paired, text");
    }

    @Test
    void needsAPhase() {
        assertThatThrownBy(() -> Curriculum.parse(List.of(), STREAMS)).hasMessageContaining("phases is empty");
    }
}
