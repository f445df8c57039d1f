package io.glossa.trainer.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamePatternTest {
    private static final List<String> NAMES = List.of("encoder.blocks.0.norm.bias", "encoder.x", "ctc.bias");

    @ParameterizedTest
    @CsvSource({
        "encoder.**, encoder.blocks.11.ff1.norm.weight, true",
        "encoder.*, encoder.blocks.11.ff1.norm.weight, false",
        "encoder.*, encoder.x, true",
        "**.bias, ctc.bias, true",
        "**.bias, ctc.bias.x, false",
        "encoder.blocks.{0..3}.**, encoder.blocks.3.norm.bias, true",
        "encoder.blocks.{0..3}.**, encoder.blocks.4.norm.bias, false",
        "encoder.blocks.{0..3}.**, encoder.blocks.13.norm.bias, false",
        "encoder.blocks.{9..11}.**, encoder.blocks.10.norm.bias, true",
        "ctc.bias, ctcxbias, false",
        "ctc, ctc.bias, false"
    })
    void isOfWholeNames(String pattern, String name, boolean matches) {
        assertThat(new NamePattern(pattern).matches(name)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "encoder.{3..0}", "encoder.{1,2}", "encoder.[ab]", "encoder ."})
    void whatIsNoneIsRefused(String text) {
        assertThatThrownBy(() -> new NamePattern(text))
                .hasMessageStartingWith("Cannot choose parameters by '" + text + "': found ")
                .hasMessageContaining(", expected letters, digits, dots, *, ** and {FIRST..LAST}");
    }

    @Test
    void onePatternOfNothingNamesTheNearestParameter() {
        ParameterGroups groups = new ParameterGroups(List.of(new NamePattern("encodr.x")), false);
        assertThatThrownBy(() -> groups.require(NAMES))
                .hasMessage("Cannot freeze 'encodr.x': no parameter has such a name, expected a pattern of some"
                        + " (did you mean 'encoder.x'?)");
        assertThatThrownBy(() -> new ParameterGroups(List.of(new NamePattern("**")), false).require(NAMES))
                .hasMessage("Cannot train: all parameters are frozen, expected some that are not");
    }
}
