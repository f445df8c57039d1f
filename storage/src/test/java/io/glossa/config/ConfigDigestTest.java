package io.glossa.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigDigestTest {
    record Bands(int mels, double hop) {}

    record Reordered(double hop, int mels) {}

    record Renamed(int bands, double hop) {}

    record Words(String a, List<String> b) {}

    @Test
    void isThatOfTheSortedLines() {
        // printf 'hop=0.01\nmels=128\n' | sha256sum
        assertThat(ConfigDigest.of(new Bands(128, 0.01))).isEqualTo("5886332398fd2dee");
    }

    @Test
    void namesContentAndNotOrder() {
        String digest = ConfigDigest.of(new Bands(128, 0.01));
        assertThat(digest).matches("[0-9a-f]{16}");
        assertThat(ConfigDigest.of(new Reordered(0.01, 128))).isEqualTo(digest);
        assertThat(ConfigDigest.of(new Renamed(128, 0.01))).isNotEqualTo(digest);
        assertThat(ConfigDigest.of(new Bands(80, 0.01))).isNotEqualTo(digest);
    }

    @Test
    void aLineBreakInAValueIsNotALine() {
        assertThat(ConfigDigest.of(new Words("x\nb=y", List.of("z"))))
                .isNotEqualTo(ConfigDigest.of(new Words("x", List.of("y\nb=z"))));
    }
}
