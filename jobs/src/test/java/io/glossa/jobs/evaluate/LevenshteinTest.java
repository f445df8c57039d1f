package io.glossa.jobs.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.jobs.evaluate.Levenshtein.Edit;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LevenshteinTest {
    @Test
    void agreesWithTryingEveryEdit() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int n = 0; n < 500; n++) {
            List<Integer> a = symbols(random);
            List<Integer> b = symbols(random);
            assertThat(Levenshtein.distance(a, b)).as("%s to %s", a, b).isEqualTo(everyEdit(a, b));
        }
    }

    @Test
    void alignmentHoldsBothSequencesAndAsManyErrorsAsTheDistance() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int n = 0; n < 500; n++) {
            List<Integer> a = symbols(random);
            List<Integer> b = symbols(random);
            List<Edit<Integer>> edits = Levenshtein.alignment(a, b);
            assertThat(edits.stream().map(Edit::reference).filter(Objects::nonNull))
                    .isEqualTo(a);
            assertThat(edits.stream().map(Edit::hypothesis).filter(Objects::nonNull))
                    .isEqualTo(b);
            assertThat(edits.stream().filter(edit -> !edit.matches()).count()).isEqualTo(Levenshtein.distance(a, b));
        }
    }

    private static List<Integer> symbols(Random random) {
        return IntStream.range(0, random.nextInt(6))
                .mapToObj(i -> random.nextInt(3))
                .toList();
    }

    /** The definition, without a table. */
    private static int everyEdit(List<Integer> a, List<Integer> b) {
        if (a.isEmpty() || b.isEmpty()) {
            return a.size() + b.size();
        }
        List<Integer> restA = a.subList(1, a.size());
        List<Integer> restB = b.subList(1, b.size());
        int replaced = everyEdit(restA, restB) + (a.get(0).equals(b.get(0)) ? 0 : 1);
        return Math.min(replaced, 1 + Math.min(everyEdit(restA, b), everyEdit(a, restB)));
    }
}
