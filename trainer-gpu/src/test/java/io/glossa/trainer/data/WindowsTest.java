package io.glossa.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.BestRq;
import io.glossa.trainer.objective.BestRqConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class WindowsTest {
    private static final Buckets BUCKETS = Buckets.of(List.of(40, 80, 120), 3.2);
    private static final int EPOCHS = 2;
    private final int seed = new Random().nextInt();
    private final List<String> read = Collections.synchronizedList(new ArrayList<>());

    @RepeatedTest(5)
    void everyUtteranceComesOnceInEachEpochAndNoCellIsReadTwiceButAtBorders() {
        int parts = 1 + new Random(seed).nextInt(3);
        BatchSource source = source(cell -> cell);
        List<BatchPlan> plans = List.of(plan(source, 0, parts), plan(source, 1, parts));
        try (Windows windows = new Windows(source, plans::get, EPOCHS)) {
            for (int epoch = 0; epoch < EPOCHS; epoch++) {
                List<Utterance> seen = new ArrayList<>();
                for (int step = 0; step < plans.get(epoch).steps(); step++) {
                    for (int part = 0; part < parts; part++) {
                        windows.examples(plans.get(epoch).batch(step, part))
                                .forEach(example -> seen.add(example.utterance()));
                    }
                }
                assertThat(seen)
                        .as("seed %d", seed)
                        .hasSize((int) source.census().utterances())
                        .doesNotHaveDuplicates();
            }
        }
        long cells = (long) EPOCHS * source.census().blocks() * source.census().buckets();
        long borders = (long) EPOCHS * source.census().buckets() * (parts - 1);
        assertThat((long) read.size()).as("seed %d", seed).isLessThanOrEqualTo(cells + borders);
    }

    @Test
    void whatWasNotCountedIsAnError() {
        BatchSource source = source(cell -> cell.subList(0, cell.size() / 2));
        BatchPlan plan = plan(source, 0, 1);
        try (Windows windows = new Windows(source, epoch -> plan, 1)) {
            assertThatThrownBy(() -> windows.examples(plan.batch(0, 0)))
                    .isInstanceOfSatisfying(
                            GlossaException.class,
                            error -> assertThat(error.type()).isEqualTo(ErrorType.DATA))
                    .hasMessageMatching("Cannot read block \\d+ of bucket \\d of snapshot 77: found \\d+ utterances,"
                            + " expected the \\d+ that were counted \\(start anew in another folder\\)");
        }
    }

    private BatchPlan plan(BatchSource source, int epoch, int parts) {
        return BatchPlan.of(source.census(), BUCKETS, seed, epoch, parts);
    }

    private BatchSource source(UnaryOperator<List<Example>> change) {
        BestRq objective = new BestRq(ModelConfig.preset("xs"), BestRqConfig.DEFAULTS);
        BatchSource all = new Synthetic(77, 300, 120, 3, seed).source(BUCKETS, objective);
        return new BatchSource() {
            @Override
            public long snapshot() {
                return all.snapshot();
            }

            @Override
            public Census census() {
                return all.census();
            }

            @Override
            public List<List<Example>> cells(int bucket, int[] blocks) {
                for (int block : blocks) {
                    read.add(bucket + " " + block);
                }
                return all.cells(bucket, blocks).stream().map(change).toList();
            }
        };
    }
}
