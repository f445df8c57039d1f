package io.glossa.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class BatchPlanTest {
    private static final Buckets BUCKETS = Buckets.of(List.of(40, 80, 120), 3.2);
    private final int seed = new Random().nextInt();
    private final BatchSource source = new Synthetic(77, 1 + new Random(seed).nextInt(60), 120, 3, seed);
    private final int[] all = IntStream.range(0, source.size()).toArray();

    @RepeatedTest(20)
    void partsTogetherHoldEveryUtteranceOnce() {
        for (int parts : new int[] {1, 2, 3, 7}) {
            BatchPlan plan = BatchPlan.of(source, all, BUCKETS, 5, 2, parts);
            List<Integer> seen = new ArrayList<>();
            for (int step = 0; step < plan.steps(); step++) {
                assertThat(plan.parts(step)).isBetween(1, parts);
                assertThat(plan.batch(step, plan.parts(step)).rows()).isEmpty();
                for (int part = 0; part < plan.parts(step); part++) {
                    BatchPlan.Batch batch = plan.batch(step, part);
                    assertThat(batch.rows()).isNotEmpty();
                    assertThat(batch.rows().length)
                            .isLessThanOrEqualTo(batch.bucket().utterances());
                    for (int row : batch.rows()) {
                        assertThat(BUCKETS.fitting(source.utterance(row).frames()))
                                .hasValue(batch.bucket());
                        seen.add(row);
                    }
                }
            }
            assertThat(seen).as("seed %d", seed).hasSize(all.length);
            assertThat(seen)
                    .containsExactlyInAnyOrderElementsOf(
                            Arrays.stream(all).boxed().toList());
        }
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
    void isAFunctionOfUtterancesSeedAndEpochWhateverTheirSnapshot() {
        assertThat(rows(77, 5, 2)).isEqualTo(rows(77, 5, 2));
        Synthetic many = new Synthetic(77, 200, 120, 3, 1);
        int[] indices = IntStream.range(0, 200).toArray();
        assertThat(rows(many, indices, 5, 2)).isNotEqualTo(rows(many, indices, 5, 3));
        assertThat(rows(many, indices, 5, 2)).isNotEqualTo(rows(many, indices, 6, 2));
        Synthetic other = new Synthetic(78, 200, 120, 3, 1);
        assertThat(rows(many, indices, 5, 2)).isEqualTo(rows(other, indices, 5, 2));
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
        int steps = BatchPlan.of(source, all, BUCKETS, 5, 0, 1).steps();
        for (int epoch = 1; epoch < 5; epoch++) {
            assertThat(BatchPlan.of(source, all, BUCKETS, 5, epoch, 1).steps()).isEqualTo(steps);
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

    private List<List<Integer>> rows(long snapshot, long planSeed, int epoch) {
        return rows(new Synthetic(snapshot, source.size(), 120, 3, seed), all, planSeed, epoch);
    }

    private static List<List<Integer>> rows(BatchSource source, int[] indices, long seed, int epoch) {
        BatchPlan plan = BatchPlan.of(source, indices, BUCKETS, seed, epoch, 1);
        return IntStream.range(0, plan.steps())
                .mapToObj(step ->
                        Arrays.stream(plan.batch(step, 0).rows()).boxed().toList())
                .toList();
    }
}
