package io.glossa.nst;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.nst.FilterYield.Judged;
import java.util.List;
import org.junit.jupiter.api.Test;

class FilterYieldTest {
    @Test
    void countsByFilterAndLanguageInTheFiltersOrder() {
        List<FilterYield> yields = FilterYield.of(List.of(
                new Judged("it", "accepted", 1, 2),
                new Judged("en", "accepted", 1, 3),
                new Judged("en", "low-confidence", 1, 1.5),
                new Judged("en", "accepted", 1, 4),
                new Judged("en", "empty", 1, 1)));

        assertThat(yields)
                .containsExactly(
                        new FilterYield("empty", "en", 1, 0.25, 1),
                        new FilterYield("low-confidence", "en", 1, 0.25, 1.5),
                        new FilterYield("accepted", "en", 2, 0.5, 7),
                        new FilterYield("accepted", "it", 1, 1, 2));
    }

    @Test
    void sharesOfALanguageSumToOne() {
        List<FilterYield> yields = FilterYield.of(List.of(
                new Judged("ru", "accepted", 3, 5), new Judged("ru", "empty", 2, 1), new Judged("ru", "empty", 5, 1)));

        assertThat(yields.stream().mapToDouble(FilterYield::share).sum()).isEqualTo(1);
    }
}
