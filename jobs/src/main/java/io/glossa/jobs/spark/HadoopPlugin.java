package io.glossa.jobs.spark;

import io.glossa.error.GlossaException;
import io.glossa.storage.HadoopFiles;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Has executors open lakes and folders by the driver's settings of Hadoop, {@code spark.hadoop.*} among them: each asks once,
 * before its first task, on the way that Spark's own messages take.
 */
public final class HadoopPlugin implements SparkPlugin {
    @Override
    public DriverPlugin driverPlugin() {
        return new Teller();
    }

    @Override
    public ExecutorPlugin executorPlugin() {
        return new Asker();
    }

    private static final class Teller implements DriverPlugin {
        private SparkContext spark;

        @Override
        public Map<String, String> init(SparkContext context, PluginContext plugin) {
            spark = context;
            return Map.of();
        }

        @Override
        public Object receive(Object question) {
            return new SerializableConfiguration(spark.hadoopConfiguration());
        }
    }

    private static final class Asker implements ExecutorPlugin {
        @Override
        public void init(PluginContext plugin, Map<String, String> extra) {
            try {
                // In local mode the answer is what the driver itself uses.
                Configuration settings =
                        new Configuration(((SerializableConfiguration) plugin.ask("settings of Hadoop")).value());
                // They came by a thread that does not know the job's own jars, where file systems may be.
                settings.setClassLoader(Thread.currentThread().getContextClassLoader());
                HadoopFiles.use(settings);
            } catch (Exception e) { // as the method declares
                throw GlossaException.resource(
                                "Cannot start an executor: the driver did not tell the settings of Hadoop (" + e
                                        + "), expected an answer")
                        .causedBy(e);
            }
        }
    }
}
