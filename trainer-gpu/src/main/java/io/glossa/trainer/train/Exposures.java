package io.glossa.trainer.train;

import io.glossa.storage.Lineage;
import io.glossa.storage.checkpoint.CheckpointMeta;
import io.glossa.trainer.data.BatchPlan;
import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.data.CellSteps;
import io.glossa.trainer.data.Census;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.LongUnaryOperator;

/**
 * What a checkpoint's model has of each utterance of a source. Nobody wrote it down: the order of batches is a function of the
 * census, seed and epoch, so the plans tell it, whatever number of ranks trained, and however often it was resumed. Steps that
 * the checkpoint notes as left out do not count, nor what a model that it started from has.
 */
public final class Exposures {
    /** What a block has of a bucket. */
    public record Cell(int bucket, int block) {}

    private final Census census;
    private final BatchConfig batches;
    private final int seed;
    private final boolean statistics;
    private final Set<Long> skipped;

    /** Of the source. */
    private final long steps;

    /** From a step of the source to one of the training, both from 0. */
    private final LongUnaryOperator numbers;

    private Exposures(
            BatchSource source,
            BatchConfig batches,
            TrainConfig config,
            CheckpointMeta meta,
            boolean statistics,
            long steps,
            LongUnaryOperator numbers) {
        census = source.census();
        this.batches = batches;
        seed = config.seed();
        this.statistics = statistics;
        skipped = SkippedSteps.in(meta.lineage());
        this.steps = steps;
        this.numbers = numbers;
    }

    /**
     * Of a training on one source.
     *
     * @param config as the training had it
     */
    public static Exposures of(BatchSource source, TrainConfig config, CheckpointMeta meta) {
        return new Exposures(source, config.batches(), config, meta, isFitted(meta), meta.step(), step -> step);
    }

    /** Of a training on several streams, as {@link Trainer} takes them, of each in turn. */
    public static List<Exposures> of(
            List<Stream> streams, Curriculum curriculum, TrainConfig config, CheckpointMeta meta) {
        List<Exposures> all = new ArrayList<>();
        for (Stream stream : streams) {
            all.add(new Exposures(
                    stream.source(),
                    stream.batches(),
                    config,
                    meta,
                    all.isEmpty() && isFitted(meta),
                    curriculum.before(stream.name(), meta.step()),
                    step -> curriculum.step(stream.name(), step)));
        }
        return all;
    }

    /** What starts from another model has the front end of that one. */
    private static boolean isFitted(CheckpointMeta meta) {
        return !meta.lineage().containsKey(Lineage.MODEL_DIGEST);
    }

    /** Of the utterances of some cells, in the order in which the source has them. */
    public List<List<Exposure>> of(List<Cell> cells) {
        List<Exposure[]> found = cells.stream().map(this::beforeTraining).toList();
        int inEpoch = plan(0).steps();
        for (int epoch = 0; (long) epoch * inEpoch < steps; epoch++) {
            CellSteps plan = new CellSteps(census, plan(epoch));
            for (int i = 0; i < found.size(); i++) {
                int[] places = plan.of(cells.get(i).bucket(), cells.get(i).block());
                for (int k = 0; k < places.length; k++) {
                    found.get(i)[k] = found.get(i)[k].and(learned((long) epoch * inEpoch + places[k]));
                }
            }
        }
        return found.stream().map(Arrays::asList).toList();
    }

    private Exposure learned(long step) {
        if (step >= steps) {
            return Exposure.NONE;
        }
        long number = numbers.applyAsLong(step) + 1;
        return skipped.contains(number) ? Exposure.NONE : new Exposure(false, number, 1);
    }

    private Exposure[] beforeTraining(Cell cell) {
        long left = statistics ? FeatureStatistics.wanted(census, cell.bucket()) : 0;
        for (int block = 0; left > 0 && block < cell.block(); block++) {
            left -= census.count(cell.bucket(), block);
        }
        Exposure[] found = new Exposure[census.count(cell.bucket(), cell.block())];
        for (int i = 0; i < found.length; i++) {
            found[i] = new Exposure(i < left, 0, 0);
        }
        return found;
    }

    private BatchPlan plan(int epoch) {
        return BatchPlan.of(census, batches.table(), seed, epoch, batches.parts());
    }
}
