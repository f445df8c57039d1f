package io.glossa.trainer.train;

import io.glossa.error.GlossaException;
import io.glossa.storage.checkpoint.Retention;
import io.glossa.trainer.autograd.Sharding;
import io.glossa.trainer.data.Buckets;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.objective.AdamW;
import io.glossa.trainer.runtime.Precision;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * How a model is trained.
 *
 * @param passes times that every utterance is seen
 * @param batchSeconds audio in a part of a batch, padding included
 * @param parts of a batch, which the ranks share; those of one rank follow each other, their gradients added up
 * @param buckets frames of each bucket, ascending
 * @param learningRate its peak
 * @param warmupSteps steps until the peak: a number, or {@value #AUTO} for a tenth of all steps
 * @param holdShare share of all steps until the rate falls
 * @param floorShare the last rate, as a share of the peak
 * @param weightDecay what a step of learning rate 1 would take off a weight
 * @param clipNorm the largest norm that a gradient keeps
 * @param seed of initial values, the order of batches, masks and noise
 * @param checkpointSteps steps between checkpoints; the last step always writes one
 * @param keepLast checkpoints that stay, the newest ones
 * @param keepEvery one checkpoint of so many stays besides; 0: none
 * @param dtype of matrix products: fp32, or bf16 with sums, weights and losses in fp32; the reference device is exact in
 *     any case
 * @param optimizerState how the optimizer's moments are kept: fp32, or bf16 in half the memory, rounded by chance
 * @param sharding what each of several ranks keeps a part of alone: none, or optimizer: the moments, for the same bits
 */
public record TrainConfig(
        int passes,
        double batchSeconds,
        int parts,
        List<String> buckets,
        double learningRate,
        String warmupSteps,
        double holdShare,
        double floorShare,
        double weightDecay,
        double clipNorm,
        int seed,
        int checkpointSteps,
        int keepLast,
        int keepEvery,
        String dtype,
        String optimizerState,
        String sharding) {
    /** What stands for a value that follows from others. */
    static final String AUTO = "auto";

    private static final Map<String, Sharding> SHARDINGS =
            Map.of("none", Sharding.NONE, "optimizer", Sharding.OPTIMIZER);

    public static final TrainConfig DEFAULTS = new TrainConfig(
            20,
            40,
            1,
            Buckets.USUAL.stream().map(String::valueOf).toList(),
            1e-3,
            AUTO,
            0.3,
            0.02,
            1e-3,
            1,
            0,
            1000,
            3,
            0,
            "fp32",
            "fp32",
            "none");

    public TrainConfig {
        require(passes > 0, "passes=" + passes, "at least 1");
        require(batchSeconds > 0, "batch-seconds=" + batchSeconds, "more than 0");
        require(parts > 0, "parts=" + parts, "at least 1");
        require(learningRate > 0, "learning-rate=" + learningRate, "more than 0");
        require(warmupSteps.matches(AUTO + "|\\d{1,9}"), "warmup-steps=" + warmupSteps, "0 or more, or " + AUTO);
        require(holdShare >= 0 && holdShare <= 1, "hold-share=" + holdShare, "0 to 1");
        require(floorShare >= 0 && floorShare <= 1, "floor-share=" + floorShare, "0 to 1");
        require(weightDecay >= 0, "weight-decay=" + weightDecay, "0 or more");
        require(clipNorm > 0, "clip-norm=" + clipNorm, "more than 0");
        require(checkpointSteps > 0, "checkpoint-steps=" + checkpointSteps, "at least 1");
        require(keepLast > 0, "keep-last=" + keepLast, "at least 1");
        require(keepEvery >= 0, "keep-every=" + keepEvery, "0 or more");
        buckets = List.copyOf(buckets);
        Precision.of(dtype);
        require(
                optimizerState.equals("fp32") || optimizerState.equals("bf16"),
                "optimizer-state=" + optimizerState,
                "fp32 or bf16");
        require(SHARDINGS.containsKey(sharding), "sharding=" + sharding, "none or optimizer");
        bucketTable(buckets, batchSeconds);
    }

    /** Steps until the peak; empty: as many as suit the training's length. */
    OptionalLong warmup() {
        return warmupSteps.equals(AUTO) ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(warmupSteps));
    }

    /** What of the model each rank keeps a part of. */
    Sharding shards() {
        return SHARDINGS.get(sharding);
    }

    /** The optimizer that these settings mean. */
    public AdamW optimizer() {
        return new AdamW(weightDecay, clipNorm, optimizerState.equals("bf16") ? DType.BF16 : DType.F32);
    }

    /** Which checkpoints these settings keep. */
    public Retention retention() {
        return new Retention(keepLast, (long) keepEvery * checkpointSteps);
    }

    /** The table of buckets that these settings mean. */
    public Buckets bucketTable() {
        return bucketTable(buckets, batchSeconds);
    }

    private static Buckets bucketTable(List<String> buckets, double seconds) {
        try {
            return Buckets.of(buckets.stream().map(Integer::valueOf).toList(), seconds);
        } catch (NumberFormatException e) {
            throw GlossaException.user(
                    "Cannot train with buckets=" + String.join(",", buckets) + ": expected whole numbers of frames");
        }
    }

    private static void require(boolean holds, String found, String expected) {
        if (!holds) {
            throw GlossaException.user("Cannot train with " + found + ": expected " + expected);
        }
    }
}
