package io.glossa.jobs.heartbeat;

import io.glossa.jobs.heartbeat.Pulse.Line;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/** Heartbeats go as messages of Spark's, which every executor can send to its driver, encrypted where Spark's are. */
public final class HeartbeatPlugin implements SparkPlugin {
    private static final Map<String, Watch> WATCHES = new ConcurrentHashMap<>();
    private static final AtomicReference<Line> LINE = new AtomicReference<>();

    /** In the driver: heartbeats of this attempt go to a watch. */
    static void begin(String attempt, Watch watch) {
        WATCHES.put(attempt, watch);
    }

    /** In the driver: whoever still belongs to this attempt must end. */
    static void end(String attempt) {
        WATCHES.remove(attempt);
    }

    /** In an executor: the way to the driver. */
    static Line line() {
        return LINE.get();
    }

    @Override
    public DriverPlugin driverPlugin() {
        return new Hearing();
    }

    @Override
    public ExecutorPlugin executorPlugin() {
        return new Telling();
    }

    private static final class Hearing implements DriverPlugin {
        @Override
        public Map<String, String> init(SparkContext spark, PluginContext plugin) {
            return Map.of();
        }

        @Override
        public Object receive(Object message) {
            Beat beat = (Beat) message;
            Watch watch = WATCHES.get(beat.attempt());
            Answer answer = watch == null ? Answer.end("its attempt is over") : watch.hear(beat);
            return answer.plain();
        }
    }

    private static final class Telling implements ExecutorPlugin {
        @Override
        public void init(PluginContext plugin, Map<String, String> extra) {
            LINE.set(new Line() {
                @Override
                public String executor() {
                    return plugin.executorID();
                }

                @Override
                public Answer ask(Beat beat) throws Exception {
                    return Answer.of((Object[]) plugin.ask(beat));
                }
            });
        }
    }
}
