package io.glossa.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.error.GlossaException;
import io.glossa.jobs.spark.Session;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeConfig;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.TaskSetManager;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.storage.RDDInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.collection.Iterator;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction1;

/**
 * What a task of the training stage sends through the driver and is sent by it: against one that does nothing, since Spark's own
 * part, such as metrics, is not ours to bound. What all tasks have in common is a broadcast.
 */
class TaskSizesTest {
    private static final int KILOBYTE = 1024;
    private static final ClassTag<Integer> NUMBERS = ClassTag$.MODULE$.apply(Integer.class);

    @TempDir
    Path folder;

    /** Bytes of a task and of its result. */
    private record Sizes(int task, int result) {}

    @Test
    void aRankIsSentAndSendsLessThanAKilobyte() {
        try (Lake lake = Lake.open(LakeConfig.local(folder.resolve("lake")));
                Session session = Session.open("test", lake);
                TaskLog tasks = new TaskLog()) {
            SparkContext spark = session.spark().sparkContext();
            Results results = new Results();
            spark.addSparkListener(results);
            TinyLake.fill(session.spark(), lake);
            PretrainConfig config = PretrainConfig.of(
                    "xs", TinyLake.pretraining("passes", "1"), List.of("train"), Folder.of(folder.resolve("run")));
            PretrainJob.run(config.on(new Machine("cpu", 1, 1, 0, "")), lake, session.spark());
            Sizes training = barrier(spark, tasks, results);
            JavaRDD<Integer> one = JavaSparkContext.fromSparkContext(spark).parallelize(List.of(0), 1);
            JavaRDD.fromRDD(one.rdd().barrier().mapPartitions(new Nothing(), false, NUMBERS), NUMBERS)
                    .collect();
            Sizes nothing = barrier(spark, tasks, results);
            System.out.println("a task of training: " + training + "; one that does nothing: " + nothing);

            assertThat(List.of(training.task(), training.result(), nothing.task(), nothing.result()))
                    .as("bytes measured")
                    .allSatisfy(bytes -> assertThat(bytes).isPositive());
            assertThat(training.task() - nothing.task()).as("task").isLessThan(KILOBYTE);
            assertThat(training.result() - nothing.result()).as("result").isLessThan(KILOBYTE);
        }
    }

    @Test
    void aFailureIsToldInLessThanAKilobyte() {
        Throwable deep = new IllegalStateException("below");
        for (String sentence : List.of("Cannot read", "Cannot read " + "длинное имя ".repeat(200))) {
            RankOutcome told = RankOutcome.failed(
                            GlossaException.resource(sentence).causedBy(deep))
                    .shortened();
            int bytes = new JavaSerializer(new org.apache.spark.SparkConf(false))
                    .newInstance()
                    .serialize(told, ClassTag$.MODULE$.apply(RankOutcome.class))
                    .limit();
            assertThat(bytes).isLessThan(KILOBYTE);
            assertThat(told.message()).startsWith("Cannot read");
            assertThat(told.message() + told.trace()).doesNotContain("\uFFFD");
        }
    }

    /** Of the barrier stage since the last call; zeros where none was seen. */
    private static Sizes barrier(SparkContext spark, TaskLog tasks, Results results) {
        try {
            spark.listenerBus().waitUntilEmpty();
        } catch (java.util.concurrent.TimeoutException e) {
            throw new IllegalStateException(e);
        }
        int stage = results.barrier.getAndSet(-1);
        return new Sizes(tasks.bytes.getOrDefault(stage, 0), results.bytes.getOrDefault(stage, 0));
    }

    private static final class Nothing extends AbstractFunction1<Iterator<Integer>, Iterator<Integer>>
            implements Serializable {
        @Override
        public Iterator<Integer> apply(Iterator<Integer> ignored) {
            return scala.jdk.javaapi.CollectionConverters.asScala(
                    List.<Integer>of().iterator());
        }
    }

    private static final class Results extends SparkListener {
        /** By stage. */
        private final Map<Integer, Integer> bytes = new ConcurrentHashMap<>();

        /** The last such stage. */
        private final AtomicInteger barrier = new AtomicInteger(-1);

        @Override
        public void onStageSubmitted(SparkListenerStageSubmitted submitted) {
            if (submitted.stageInfo().rddInfos().exists(RDDInfo::isBarrier)) {
                barrier.set(submitted.stageInfo().stageId());
            }
        }

        @Override
        public void onTaskEnd(SparkListenerTaskEnd end) {
            bytes.put(end.stageId(), (int) end.taskMetrics().resultSize());
        }
    }

    /** Spark tells the size of a task nowhere but in its log. */
    private static final class TaskLog extends AbstractAppender implements AutoCloseable {
        private static final Pattern SIZE = Pattern.compile("Starting task .* in stage (\\d+)\\..* (\\d+) bytes");

        private final Logger logger = (Logger) LogManager.getLogger(TaskSetManager.class);
        private final Level before = logger.getLevel();
        /** By stage. */
        private final Map<Integer, Integer> bytes = new ConcurrentHashMap<>();

        TaskLog() {
            super("task sizes", null, null, true, Property.EMPTY_ARRAY);
            start();
            logger.addAppender(this);
            logger.setLevel(Level.INFO);
        }

        @Override
        public void append(LogEvent event) {
            Matcher size = SIZE.matcher(event.getMessage().getFormattedMessage());
            if (size.find()) {
                bytes.put(Integer.parseInt(size.group(1)), Integer.parseInt(size.group(2)));
            }
        }

        @Override
        public void close() {
            logger.setLevel(before);
            logger.removeAppender(this);
        }
    }
}
