package io.glossa.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ColumnsTest {
    @Test
    void alignsTheFirstColumnToTheLeftAndTheOthersToTheRight() {
        String text = Columns.text(List.of(List.of("", "en"), List.of("too-slow", "1,204"), List.of("empty", "7")));

        assertThat(text.lines().map(String::stripTrailing))
                .containsExactly("             en", "             too-slow  1,204", "             empty         7");
    }
}
