package io.glossa.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigBinderTest {
    enum Attention {
        FULL,
        CHUNK_WISE
    }

    record Train(
            int steps,
            long seed,
            double learningRate,
            boolean strict,
            String device,
            Attention attention,
            List<String> langs,
            int conv1Kernel) {
        Train {
            if (steps < 0) {
                throw GlossaException.user("Cannot train " + steps + " steps: expected none or more");
            }
        }
    }

    private static final Train DEFAULTS = new Train(10, 7, 1e-3, false, "cpu", Attention.FULL, List.of("en", "fr"), 3);

    @Test
    void takesGivenValuesAndKeepsOtherDefaults() {
        Train bound = ConfigBinder.bind(
                Train.class,
                Map.of(
                        "steps", " 20 ",
                        "seed", "9000000000",
                        "learning-rate", "2.5e-4",
                        "strict", "TRUE",
                        "attention", "chunk-wise",
                        "langs", "de, it,,ru",
                        "conv1-kernel", "5"),
                DEFAULTS);
        assertThat(bound)
                .isEqualTo(new Train(
                        20, 9_000_000_000L, 2.5e-4, true, "cpu", Attention.CHUNK_WISE, List.of("de", "it", "ru"), 5));
        assertThat(ConfigBinder.bind(Train.class, Map.of(), DEFAULTS)).isEqualTo(DEFAULTS);
    }

    @Test
    void valuesBindBackToTheSameRecord() {
        assertThat(ConfigBinder.values(DEFAULTS))
                .containsEntry("attention", "full")
                .containsEntry("langs", "en,fr")
                .containsOnlyKeys(ConfigBinder.keys(Train.class));
        Train other = new Train(1, 1, 1, true, "x", Attention.CHUNK_WISE, List.of(), 1);
        assertThat(ConfigBinder.bind(Train.class, ConfigBinder.values(DEFAULTS), other))
                .isEqualTo(DEFAULTS);
        assertThat(ConfigBinder.bind(Train.class, ConfigBinder.values(other), DEFAULTS))
                .isEqualTo(other);
    }

    record Run(Train train, String name) {}

    @Test
    void theKeysOfAPartAreTheWholes() {
        Run defaults = new Run(DEFAULTS, "a");
        Run bound = ConfigBinder.bind(Run.class, Map.of("steps", "20", "name", "b"), defaults);

        assertThat(bound.name()).isEqualTo("b");
        assertThat(bound.train()).isEqualTo(ConfigBinder.bind(Train.class, Map.of("steps", "20"), DEFAULTS));
        assertThat(ConfigBinder.keys(Run.class))
                .hasSize(9)
                .contains("learning-rate")
                .endsWith("name");
        assertThat(ConfigBinder.bind(Run.class, ConfigBinder.values(bound), defaults))
                .isEqualTo(bound);
    }

    @Test
    void anUnknownKeyNamesTheNearest() {
        assertThatThrownBy(() -> ConfigBinder.bind(Train.class, Map.of("learing-rate", "1"), DEFAULTS))
                .isInstanceOf(GlossaException.class)
                .hasMessage(
                        "Cannot set 'learing-rate': no such key, expected one of steps, seed, learning-rate, strict,"
                                + " device, attention, langs, conv1-kernel (did you mean 'learning-rate'?)")
                .asInstanceOf(type(GlossaException.class))
                .returns(ErrorType.USER, GlossaException::type);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "steps|1.5|Cannot set 'steps': found '1.5', expected a whole number",
                "seed|one|Cannot set 'seed': found 'one', expected a whole number",
                "learning-rate|fast|Cannot set 'learning-rate': found 'fast', expected a number",
                "strict|yes|Cannot set 'strict': found 'yes', expected true or false",
                "attention|chunk|Cannot set 'attention': found 'chunk', expected one of full, chunk-wise"
                        + " (did you mean 'full'?)"
            })
    void aValueOfTheWrongTypeSaysWhatIsExpected(String key, String value, String message) {
        assertThatThrownBy(() -> ConfigBinder.bind(Train.class, Map.of(key, value), DEFAULTS))
                .isInstanceOf(GlossaException.class)
                .hasMessage(message);
    }

    @Test
    void whatTheRecordRefusesPassesThrough() {
        assertThatThrownBy(() -> ConfigBinder.bind(Train.class, Map.of("steps", "-1"), DEFAULTS))
                .isInstanceOf(GlossaException.class)
                .hasMessage("Cannot train -1 steps: expected none or more");
    }
}
