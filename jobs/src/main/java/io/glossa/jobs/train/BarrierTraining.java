package io.glossa.jobs.train;

import io.glossa.config.ConfigBinder;
import io.glossa.error.GlossaException;
import io.glossa.nst.GpuStage;
import io.glossa.storage.Folder;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.storage.checkpoint.Retention;
import io.glossa.trainer.data.Rank;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.train.TrainConfig;
import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.slf4j.LoggerFactory;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction1;

/** Training as a barrier stage of one task per rank, launched again where a failure may pass. */
final class BarrierTraining {
    /** Launches after a failure. */
    static final int RELAUNCHES = 3;

    private BarrierTraining() {}

    /**
     * Runs the ranks until training is done. A failed attempt is followed by another from the last finished checkpoint,
     * at most {@value #RELAUNCHES} times, unless the settings or the data are to blame.
     *
     * @throws GlossaException the first cause of the first failure
     */
    static void run(SparkSession spark, TrainTask task) {
        Optional<GlossaException> first = Optional.empty();
        for (int attempt = 0; attempt <= RELAUNCHES; attempt++) {
            RankOutcome outcome = attempt(spark, launched(task));
            if (outcome.done()) {
                return;
            }
            GlossaException error = first.orElseGet(outcome::error);
            first = Optional.of(error);
            if (!outcome.worthAnotherTry() || spark.sparkContext().isStopped()) {
                throw error;
            }
            LoggerFactory.getLogger(BarrierTraining.class).warn("attempt {} failed", attempt + 1, outcome.error());
            if (attempt < RELAUNCHES) {
                System.err.println(task.job() + " stopped: " + outcome.message() + "; going on from " + standing(task)
                        + " (launch " + (attempt + 2) + " of " + (RELAUNCHES + 1) + ")");
            }
        }
        throw first.orElseThrow();
    }

    /** Fails at once where no stage could start. */
    static void requireRoom(SparkSession spark, TrainTask task) {
        refuseDynamicAllocation(spark);
        requireParts(task);
        Slots.require(spark.sparkContext(), task.machine().ranks());
    }

    private static RankOutcome attempt(SparkSession spark, TrainTask task) {
        Slots.require(spark.sparkContext(), task.machine().ranks());
        ClassTag<RankOutcome> outcomeTag = ClassTag$.MODULE$.apply(RankOutcome.class);
        int count = task.machine().ranks();
        JavaRDD<Integer> ranks = JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(Collections.nCopies(count, 0), count);
        MetricsTail tail = MetricsTail.of(task.folder(), task.job());
        try {
            List<RankOutcome> outcomes = JavaRDD.fromRDD(
                            ranks.rdd().barrier().mapPartitions(new Ranks(task), false, outcomeTag), outcomeTag)
                    .collect();
            return RankOutcome.of(outcomes);
        } catch (Exception e) { // Spark's, checked or not: an executor was lost, or no room for the stage
            return RankOutcome.failed(GlossaException.resource(
                            "Cannot run the training stage: " + e.getMessage() + ", expected Spark to run it")
                    .causedBy(e));
        } finally {
            tail.close();
        }
    }

    /** All ranks go on from one checkpoint, and find nothing that another launch left half written. */
    private static TrainTask launched(TrainTask task) {
        Optional<Folder> from = Checkpoints.latest(task.folder());
        Retention.discard(task.folder(), from);
        return task.launched(UUID.randomUUID().toString(), from.orElse(null));
    }

    private static String standing(TrainTask task) {
        return Checkpoints.latest(task.folder())
                .map(step -> "step " + Checkpoints.meta(step).step())
                .orElse("the start");
    }

    private static void refuseDynamicAllocation(SparkSession spark) {
        if (spark.sparkContext().getConf().getBoolean("spark.dynamicAllocation.enabled", false)
                && !spark.sparkContext().isLocal()) {
            throw GlossaException.user("Cannot train: found spark.dynamicAllocation.enabled=true, expected static"
                    + " executors (submit with -- --conf spark.dynamicAllocation.enabled=false)");
        }
    }

    private static void requireParts(TrainTask task) {
        int parts = ConfigBinder.bind(TrainConfig.class, task.training(), TrainConfig.DEFAULTS)
                .batches()
                .parts();
        int ranks = task.machine().ranks();
        if (parts < ranks) {
            throw GlossaException.user("Cannot train on " + ranks + " ranks: found parts=" + parts
                    + ", expected a part of each batch for every rank (--set parts=" + ranks
                    + ", each of batch-seconds of audio)");
        }
    }

    /**
     * What a barrier task does; a class of Scala's, since {@code mapPartitionsWithEvaluator} runs no barrier stage. What it is to do
     * is the same for all, and so part of the stage, which Spark broadcasts, and not of each task, which the driver sends.
     */
    private static final class Ranks extends AbstractFunction1<Iterator<Integer>, Iterator<RankOutcome>>
            implements Serializable {
        private static final long serialVersionUID = 1L;

        private final TrainTask task;

        Ranks(TrainTask task) {
            this.task = task;
        }

        @Override
        public Iterator<RankOutcome> apply(Iterator<Integer> nothing) {
            return CollectionConverters.asScala(List.of(outcome().shortened()).iterator());
        }

        private RankOutcome outcome() {
            try {
                return trained();
            } catch (TaskKilledException e) {
                throw e;
            } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
                LoggerFactory.getLogger(BarrierTraining.class).error("a rank failed", e);
                return RankOutcome.failed(e);
            }
        }

        private RankOutcome trained() {
            BarrierTaskContext context = BarrierTaskContext.get();
            Rank own = new Rank(context.partitionId(), task.machine().ranks());
            TrainRank rank =
                    new TrainRank(task, own, GpuStage.address(task.machine().device()));
            Device opened;
            try {
                opened = rank.device(host(context.getTaskInfos()[own.index()].address()), context::allGather);
            } catch (GlossaException e) {
                return RankOutcome.unable(e);
            }
            try (Device device = opened) {
                rank.run(device);
                return RankOutcome.DONE;
            }
        }

        /** Of {@code host:port}, or a host alone. */
        private static String host(String address) {
            return address.replaceFirst(":\\d+$", "");
        }
    }
}
