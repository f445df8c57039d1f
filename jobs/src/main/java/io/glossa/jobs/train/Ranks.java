package io.glossa.jobs.train;

import io.glossa.error.GlossaException;
import io.glossa.jobs.heartbeat.Pulse;
import io.glossa.nst.GpuStage;
import io.glossa.trainer.data.Rank;
import io.glossa.trainer.runtime.Device;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.TaskKilledException;
import org.slf4j.LoggerFactory;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/**
 * What a barrier task does, on its executor; a class of Scala's, since {@code mapPartitionsWithEvaluator} runs no barrier stage. What
 * it is to do is the same for all, and so part of the stage, which Spark broadcasts, and not of each task, which the driver sends.
 */
final class Ranks extends AbstractFunction1<Iterator<Integer>, Iterator<RankOutcome>> implements Serializable {
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
        BarrierTaskContext context = BarrierTaskContext.get();
        Rank own = new Rank(context.partitionId(), task.machine().ranks());
        String host = host(context.getTaskInfos()[own.index()].address());
        try (Pulse pulse = Pulse.of(task.attempt(), own.index(), host)) {
            try {
                return trained(context, own, host, pulse);
            } catch (TaskKilledException e) {
                throw e;
            } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
                LoggerFactory.getLogger(Ranks.class).error("a rank failed", e);
                return pulse.failure().map(RankOutcome::lost).orElseGet(() -> RankOutcome.failed(e));
            }
        }
    }

    private RankOutcome trained(BarrierTaskContext context, Rank own, String host, Pulse pulse) {
        TrainRank rank =
                new TrainRank(task, own, GpuStage.address(task.machine().device()));
        Device opened;
        try {
            pulse.requireAll();
            opened = rank.device(host, context::allGather);
        } catch (GlossaException e) {
            return pulse.failure().map(RankOutcome::lost).orElseGet(() -> RankOutcome.unable(e));
        }
        try (Device device = opened) {
            pulse.whenLost(device::abandon);
            pulse.requireAll();
            rank.run(device, pulse);
            return RankOutcome.DONE;
        } finally {
            pulse.whenLost(() -> {});
        }
    }

    /** Of {@code host:port}, or a host alone. */
    private static String host(String address) {
        return address.replaceFirst(":\\d+$", "");
    }

    /** What there is of a partition. */
    static final class Only extends AbstractFunction1<Iterator<RankOutcome>, RankOutcome> implements Serializable {
        private static final long serialVersionUID = 1L;

        @Override
        public RankOutcome apply(Iterator<RankOutcome> outcomes) {
            return outcomes.next();
        }
    }
}
