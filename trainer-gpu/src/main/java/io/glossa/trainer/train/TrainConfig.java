package io.glossa.trainer.train;

import io.glossa.storage.checkpoint.Retention;
import io.glossa.trainer.autograd.Sharding;
import io.glossa.trainer.data.Buckets;
import io.glossa.trainer.data.Rank;
import io.glossa.trainer.objective.AdamW;
import io.glossa.trainer.runtime.Precision;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How a model is trained. The settings of its parts are set by keys of their own, as if they stood here.
 *
 * @param passes times that every utterance is seen
 * @param seed of initial values, the order of batches, masks and noise
 * @param dtype of matrix products: fp32, or bf16 with sums, weights and losses in fp32; the reference device is exact in
 *     any case
 * @param checksumSteps steps between comparisons of what ranks have of the model, by a checksum; 0: none
 * @param sharding what each of several ranks keeps a part of alone, for the same bits: none, optimizer (the moments), or parameters
 *     (these too)
 */
public record TrainConfig(
        int passes,
        BatchConfig batches,
        OptimizerConfig optimization,
        GroupConfig groups,
        int seed,
        SavingConfig saving,
        int checksumSteps,
        String dtype,
        String sharding) {
    /** What stands for a value that follows from others. */
    static final String AUTO = "auto";

    private static final Map<String, Sharding> SHARDINGS =
            Map.of("none", Sharding.NONE, "optimizer", Sharding.OPTIMIZER, "parameters", Sharding.PARAMETERS);

    public static final TrainConfig DEFAULTS = new TrainConfig(
            20,
            BatchConfig.DEFAULTS,
            OptimizerConfig.DEFAULTS,
            GroupConfig.DEFAULTS,
            0,
            SavingConfig.DEFAULTS,
            500,
            "fp32",
            "none");

    public TrainConfig {
        SettingCheck.require(passes > 0, "passes=" + passes, "at least 1");
        SettingCheck.require(checksumSteps >= 0, "checksum-steps=" + checksumSteps, "0 or more");
        Precision.of(dtype);
        SettingCheck.require(SHARDINGS.containsKey(sharding), "sharding=" + sharding, "none, optimizer or parameters");
    }

    /** The same with other batches. */
    TrainConfig with(BatchConfig other) {
        return new TrainConfig(passes, other, optimization, groups, seed, saving, checksumSteps, dtype, sharding);
    }

    /** What of the model each rank keeps a part of. */
    Sharding shards() {
        return SHARDINGS.get(sharding);
    }

    /** The parts that a rank computes of so many; where ranks meet in each, to gather parameters, as many as any has. */
    IntStream parts(Rank rank, int all) {
        return shards() == Sharding.PARAMETERS ? rank.turns(all) : rank.parts(all);
    }

    /** The optimizer that these settings mean. */
    public AdamW optimizer() {
        return new AdamW(
                optimization.weightDecay(), optimization.clipNorm(), optimization.moments(), groups.parameters());
    }

    /** Which checkpoints these settings keep. */
    public Retention retention() {
        return saving.retention();
    }

    /** The table of buckets that these settings mean. */
    public Buckets bucketTable() {
        return batches.table();
    }
}
