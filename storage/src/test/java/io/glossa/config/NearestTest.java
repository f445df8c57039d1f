package io.glossa.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
    @ParameterizedTest
    @CsvSource({
        "learning-rate,learning-rate,0",
        "learing-rate,learning-rate,1",
        "laerning-rate,learning-rate,1",
        "batch,bench,2",
        "'',abc,3",
        "abc,'',3",
        "'','',0",
        "kitten,sitting,3"
    })
    void countsInsertionsDeletionsReplacementsAndSwaps(String a, String b, int distance) {
        assertThat(Nearest.distance(a, b)).isEqualTo(distance);
        assertThat(Nearest.distance(b, a)).isEqualTo(distance);
    }

    @Test
    void picksTheNearestAndTheFirstOfEquals() {
        assertThat(Nearest.of("pretran", List.of("finetune", "pretrain", "ingest")))
                .contains("pretrain");
        assertThat(Nearest.of("x", List.of("c", "b", "a"))).contains("a");
        assertThat(Nearest.of("x", List.of())).isEmpty();
    }
}
