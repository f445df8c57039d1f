package io.glossa.featurize.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SplitTest {
    /** Made with {@code int(hashlib.md5(name.encode()).hexdigest(), 16) % 100} in Python. */
    @ParameterizedTest
    @CsvSource({
        "en/activated, 88",
        "es/digits/0, 95",
        "fr/vm-enter-num-to-call, 33",
        "it/letters/a, 40",
        "ru/is, 84",
        "und/прим éx, 10"
    })
    void hashIsTheMd5ModuloHundred(String name, int hash) {
        assertThat(Split.hash(name)).isEqualTo(hash);
    }

    @Test
    void sharesAreAboutOneFifthThreeFifthsOneFifth() {
        Map<Split, Long> counts = IntStream.range(0, 10_000)
                .mapToObj(i -> Split.of("en", "prompt-" + i))
                .collect(Collectors.groupingBy(split -> split, Collectors.counting()));

        assertThat(counts.get(Split.TEST)).isBetween(1_850L, 2_150L);
        assertThat(counts.get(Split.TRAIN)).isBetween(5_800L, 6_200L);
        assertThat(Arrays.stream(Split.values()).map(Split::column)).containsExactly("train", "unlabelled", "test");
    }
}
