package io.glossa.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class BatchPlanTest {
    private static final Buckets BUCKETS = Buckets.of(List.of(40, 80, 120), 3.2);
    private final int seed = new Random().nextInt();

    @RepeatedTest(20)
    void streamsTogetherHoldEveryUtteranceOnce() {
        Census census = census(new Random(seed), 1 << new Random(seed).nextInt(6));
        for (int parts : new int[] {1, 2, 3, 7}) {
            BatchPlan plan = BatchPlan.of(census, BUCKETS, 5, 2, parts);
            List<String> seen = new ArrayList<>();
            long utterances = 0;
            for (int step = 0; step < plan.steps(); step++) {
                assertThat(plan.parts(step)).isBetween(1, parts);
                long ofStep = 0;
                for (int part = 0; part < parts + 2; part++) {
                    BatchPlan.Batch batch = plan.batch(step, part);
                    assertThat(batch.places().length == 0).isEqualTo(part >= plan.parts(step));
                    assertThat(batch.places().length)
                            .isLessThanOrEqualTo(batch.bucket().utterances());
                    seen.addAll(utterances(plan, batch));
                    ofStep += batch.places().length;
                }
                assertThat(plan.utterances(step)).isEqualTo((int) ofStep);
                utterances += ofStep;
            }
            assertThat(utterances).as("seed %d", seed).isEqualTo(census.utterances());
            assertThat(seen).as("seed %d", seed).doesNotHaveDuplicates();
        }
    }

    @RepeatedTest(20)
    void theStepOfAnUtteranceIsTheOneThatHasIt() {
        Census census = census(new Random(seed), 1 << new Random(seed).nextInt(6));
        for (int parts : new int[] {1, 2, 3, 7}) {
            BatchPlan plan = BatchPlan.of(census, BUCKETS, 5, 2, parts);
            Map<String, Integer> forwards = new TreeMap<>();
            for (int step = 0; step < plan.steps(); step++) {
                for (int part = 0; part < plan.parts(step); part++) {
                    for (String utterance : utterances(plan, plan.batch(step, part))) {
                        forwards.put(utterance, step);
                    }
                }
            }
            Map<String, Integer> backwards = new TreeMap<>();
            CellSteps steps = new CellSteps(census, plan);
            for (int bucket = 0; bucket < census.buckets(); bucket++) {
                for (int block = 0; block < census.blocks(); block++) {
                    int[] ofCell = steps.of(bucket, block);
                    for (int i = 0; i < ofCell.length; i++) {
                        backwards.put(bucket + " " + block + " " + i, ofCell[i]);
                    }
                }
            }
            assertThat(backwards).as("seed %d, %d parts", seed, parts).isEqualTo(forwards);
        }
    }

    @RepeatedTest(5)
    void whatIsReadNextIsKnownAnywhere() {
        Census census = census(new Random(seed), 8);
        BatchPlan plan = BatchPlan.of(census, BUCKETS, 5, 2, 2);
        for (int step = 0; step < plan.steps(); step++) {
            List<BatchPlan.Window> next = plan.windowsAfter(step, 1);
            BatchPlan.Batch batch = plan.batch(step, 1);
            if (batch.places().length > 0) {
                assertThat(next).as("seed %d", seed).contains(batch.window());
            }
            assertThat(next).extracting(BatchPlan.Window::bucket).doesNotHaveDuplicates();
        }
        assertThat(plan.windowsAfter(plan.steps(), 1)).isEmpty();
    }

    @Test
    void ranksShareThePartsOfAStep() {
        for (int ranks = 1; ranks < 5; ranks++) {
            List<Integer> done = new ArrayList<>();
            for (int index = 0; index < ranks; index++) {
                Rank rank = new Rank(index, ranks);
                assertThat(rank.parts(6).count()).isBetween(6L / ranks, (6L + ranks - 1) / ranks);
                rank.parts(6).forEach(done::add);
            }
            assertThat(done).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5);
        }
        assertThat(new Rank(3, 4).parts(2)).isEmpty();
    }

    @Test
    void isAFunctionOfTheCensusSeedAndEpoch() {
        Census census = census(new Random(1), 64);
        assertThat(order(census, 5, 2)).isEqualTo(order(census(new Random(1), 64), 5, 2));
        assertThat(order(census, 5, 2)).isNotEqualTo(order(census, 5, 3));
        assertThat(order(census, 5, 2)).isNotEqualTo(order(census, 6, 2));
    }

    @Test
    void aCensusIsFoundAsItWasWritten() throws IOException {
        Census census = new Census(
                new int[][] {{0, 5, 127, 128}, {70_000, 0, 3, 1 << 30}}, new long[] {7, 8}, Map.of("empty", 3L));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        census.write(new DataOutputStream(bytes));
        Census read = Census.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        for (int bucket = 0; bucket < 2; bucket++) {
            assertThat(read.frames(bucket)).isEqualTo(census.frames(bucket));
            for (int block = 0; block < 4; block++) {
                assertThat(read.count(bucket, block)).isEqualTo(census.count(bucket, block));
            }
        }
        assertThat(read.rejected()).isEqualTo(census.rejected());
    }

    @Test
    void blocksAreManyButNotTiny() {
        assertThat(List.of(0L, 7L, 100L, 1000L, 36_000L, 1_000_000L, 1_500_000_000L, 1L << 40))
                .extracting(Census::blocks)
                .containsExactly(1, 1, 8, 64, 64, 1024, 1 << 20, 1 << 20);
    }

    @Test
    void anUtteranceHasOneStreamPerEpochAndCopy() {
        Utterance one = new Utterance("u1", 12, new int[0]);
        assertThat(one.stream(3)).isEqualTo(new Utterance("u1", 40, new int[] {1}).stream(3));
        List<Integer> streams = new ArrayList<>();
        for (int epoch = 0; epoch < 100; epoch++) {
            streams.add(one.stream(epoch));
            streams.add(one.again(1).stream(epoch));
            streams.add(new Utterance("u2", 12, new int[0]).stream(epoch));
        }
        assertThat(streams).doesNotHaveDuplicates();
    }

    /** The order is part of what a checkpoint promises: it must not change from version to version. */
    @Test
    void theOrderIsForEver() {
        int[] values = IntStream.range(0, 10).toArray();
        new Order(1, 2, 3).shuffle(values);
        assertThat(values).containsExactly(8, 2, 4, 6, 0, 5, 9, 7, 3, 1);
        assertThat(new Utterance("u1", 12, new int[0]).stream(7)).isEqualTo(2120819608);
    }

    @Test
    void everyEpochHasTheSameSteps() {
        Census census = census(new Random(seed), 8);
        int steps = BatchPlan.of(census, BUCKETS, 5, 0, 1).steps();
        for (int epoch = 1; epoch < 5; epoch++) {
            assertThat(BatchPlan.of(census, BUCKETS, 5, epoch, 1).steps()).isEqualTo(steps);
        }
    }

    @Test
    void aCursorWalksThroughTheEpochs() {
        Cursor cursor = Cursor.start(77, 5);
        for (int step = 0; step < 7; step++) {
            assertThat(cursor.epoch() * 3 + cursor.position()).isEqualTo(step);
            assertThat(Cursor.of(cursor.toMap())).isEqualTo(cursor);
            cursor = cursor.next(3);
        }
        assertThat(cursor).isEqualTo(new Cursor(77, 5, 7, 2, 1));
    }

    @Test
    void anotherSnapshotIsAnErrorThatNamesBoth() {
        assertThatThrownBy(() -> Cursor.start(77, 5).requireSnapshot(78))
                .hasMessageContaining("snapshot 77")
                .hasMessageContaining("snapshot 78");
    }

    @Test
    void bucketsHoldWhatTheBudgetHasRoomFor() {
        assertThat(BUCKETS.table()).containsExactly(new Bucket(8, 40), new Bucket(4, 80), new Bucket(2, 120));
        assertThat(BUCKETS.fitting(40)).hasValue(new Bucket(8, 40));
        assertThat(BUCKETS.fitting(41)).hasValue(new Bucket(4, 80));
        assertThat(BUCKETS.fitting(121)).isEmpty();
        assertThatThrownBy(() -> Buckets.of(List.of(80, 40), 3)).hasMessageContaining("ascending");
        assertThatThrownBy(() -> Buckets.of(List.of(42), 3)).hasMessageContaining("multiples of 4");
    }

    private static Census census(Random random, int blocks) {
        int[][] counts = new int[BUCKETS.table().size()][blocks];
        for (int[] cells : counts) {
            Arrays.setAll(cells, i -> random.nextInt(3) * random.nextInt(20));
        }
        counts[0][0]++;
        return new Census(counts, new long[counts.length], Map.of());
    }

    private static List<String> utterances(BatchPlan plan, BatchPlan.Batch batch) {
        List<String> window = new ArrayList<>();
        for (BatchPlan.Range range :
                batch.places().length == 0 ? List.<BatchPlan.Range>of() : plan.ranges(batch.window())) {
            for (int i = range.from(); i < range.to(); i++) {
                window.add(batch.window().bucket() + " " + range.block() + " " + i);
            }
        }
        return Arrays.stream(batch.places()).mapToObj(window::get).toList();
    }

    private static List<List<String>> order(Census census, long seed, int epoch) {
        BatchPlan plan = BatchPlan.of(census, BUCKETS, seed, epoch, 1);
        return IntStream.range(0, plan.steps())
                .mapToObj(step -> utterances(plan, plan.batch(step, 0)))
                .toList();
    }
}
