package io.glossa.jobs.train;

import io.glossa.config.ConfigBinder;
import io.glossa.error.GlossaException;
import io.glossa.jobs.heartbeat.Loss;
import io.glossa.jobs.heartbeat.WatchedJob;
import io.glossa.storage.Folder;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.storage.checkpoint.Retention;
import io.glossa.trainer.train.TrainConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.slf4j.LoggerFactory;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/** Training as a barrier stage of one task per rank, launched again where a failure may pass. */
final class BarrierTraining {
    /** Launches in a row that may fail before a new checkpoint. */
    static final int FRUITLESS = 4;

    private BarrierTraining() {}

    /**
     * Runs the ranks until training is done. A failed attempt is followed by another from the last finished checkpoint, without
     * end as long as there is a new one after at most {@value #FRUITLESS} attempts, unless the settings or the data are to blame.
     *
     * @throws GlossaException the first cause of the first failure since the last checkpoint
     */
    static void run(SparkSession spark, TrainTask task) {
        Optional<GlossaException> first = Optional.empty();
        Resumption resumption = new Resumption(task);
        int fruitless = 0;
        if (task.machine().ranks() > 1) {
            System.err.println(task.job() + ": ranks are " + WatchedJob.rules());
        }
        for (int launch = 2; ; launch++) {
            TrainTask launched = launched(task);
            RankOutcome outcome =
                    launch == 2 ? attempt(spark, launched, resumption) : again(spark, launched, resumption);
            if (outcome.done()) {
                return;
            }
            boolean fruitful = !Checkpoints.latest(task.folder()).equals(Optional.ofNullable(launched.from()));
            fruitless = fruitful ? 0 : fruitless + 1;
            GlossaException error = fruitful ? outcome.error() : first.orElseGet(outcome::error);
            first = Optional.of(error);
            if (!outcome.worthAnotherTry()
                    || spark.sparkContext().isStopped()
                    || Thread.currentThread().isInterrupted()
                    || fruitless == FRUITLESS) {
                throw error;
            }
            LoggerFactory.getLogger(BarrierTraining.class).warn("attempt {} failed", launch - 1, outcome.error());
            System.err.println(task.job() + " stopped: " + outcome.message() + "; going on from " + standing(task)
                    + " (launch " + launch + ")");
        }
    }

    /** Fails at once where no stage could start. */
    static void requireRoom(SparkSession spark, TrainTask task) {
        refuseDynamicAllocation(spark);
        requireParts(task);
        Slots.require(spark.sparkContext(), task.machine());
    }

    /** Executors that were lost may take their time to come back. */
    private static RankOutcome again(SparkSession spark, TrainTask task, Resumption resumption) {
        try {
            return attempt(spark, task, resumption);
        } catch (GlossaException e) {
            return RankOutcome.failed(GlossaException.resource(e.getMessage()).causedBy(e));
        }
    }

    private static RankOutcome attempt(SparkSession spark, TrainTask asked, Resumption resumption) {
        SparkContext context = spark.sparkContext();
        int count = Slots.require(context, asked.machine());
        TrainTask task = asked.on(asked.machine().withRanks(count));
        resumption.begins(task.from(), count);
        MetricsTail tail = MetricsTail.of(task.folder(), task.job());
        try (WatchedJob watched = new WatchedJob(context, task.attempt(), count, resumption::onStep)) {
            RankOutcome outcome = outcome(context, task, watched);
            if (!outcome.done()) {
                resumption.stopped(
                        outcome.message(),
                        watched.noticed(),
                        watched.loss().map(Loss::noticedSeconds).orElse(0.0));
            }
            return outcome;
        } finally {
            tail.close();
        }
    }

    private static RankOutcome outcome(SparkContext context, TrainTask task, WatchedJob watched) {
        ClassTag<RankOutcome> outcomeTag = ClassTag$.MODULE$.apply(RankOutcome.class);
        int count = task.machine().ranks();
        JavaRDD<Integer> ranks =
                JavaSparkContext.fromSparkContext(context).parallelize(Collections.nCopies(count, 0), count);
        List<RankOutcome> outcomes = Collections.synchronizedList(new ArrayList<>());
        Optional<RankOutcome> failure = Optional.empty();
        try {
            context.runJob(
                    ranks.rdd().barrier().mapPartitions(new Ranks(task), false, outcomeTag),
                    new Ranks.Only(),
                    new Ended(outcomes, watched),
                    outcomeTag);
        } catch (Exception e) { // Spark's, checked or not: an executor was lost, or no room for the stage
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            failure = Optional.of(RankOutcome.failed(GlossaException.resource(
                            "Cannot run the training stage: " + e.getMessage() + ", expected Spark to run it")
                    .causedBy(e)));
            watched.awaitLoss();
        }
        return RankOutcome.of(outcomes, watched.loss(), failure);
    }

    /** All ranks go on from one checkpoint, and find nothing that another launch left half written. */
    private static TrainTask launched(TrainTask task) {
        Optional<Folder> from = Checkpoints.latest(task.folder(), System.err::println);
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

    /** Told on the driver as each rank ends, while others may still be at it. */
    private static final class Ended extends AbstractFunction2<Object, RankOutcome, BoxedUnit> {
        private final List<RankOutcome> outcomes;
        private final WatchedJob watched;

        Ended(List<RankOutcome> outcomes, WatchedJob watched) {
            this.outcomes = outcomes;
            this.watched = watched;
        }

        @Override
        public BoxedUnit apply(Object rank, RankOutcome outcome) {
            outcomes.add(outcome);
            if (outcome.done() || outcome.lost()) {
                watched.ended((int) rank);
            } else {
                watched.failed((int) rank, outcome.message());
            }
            return BoxedUnit.UNIT;
        }
    }
}
