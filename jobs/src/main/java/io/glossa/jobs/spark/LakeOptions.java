package io.glossa.jobs.spark;

import io.glossa.storage.HadoopFiles;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import picocli.CommandLine.Option;

/** The options that say which lake a job works on. */
public final class LakeOptions {
    @Option(
            names = "--lake",
            paramLabel = "URI",
            required = true,
            description = "the lake's folder: a path, file: or hdfs:; with --catalog, its warehouse (required)")
    private String lake;

    @Option(
            names = "--catalog",
            paramLabel = "TYPE",
            defaultValue = "hadoop",
            description = "Iceberg catalog: ${DEFAULT-VALUE} (a folder, no server), rest, jdbc, ...")
    private String catalog;

    @Option(
            names = "--catalog-property",
            paramLabel = "KEY=VALUE",
            description = "what the catalog needs besides, by Iceberg's names, such as uri=...")
    private Map<String, String> properties = new TreeMap<>();

    /** Opens the lake, by Spark's settings of Hadoop; from here on, what libraries have to say goes to a file beside its tables. */
    public Lake open() {
        URI warehouse = lake.matches("[a-z][a-z0-9+.-]+:.*")
                ? URI.create(lake)
                : Path.of(lake).toUri();
        LakeConfig config = new LakeConfig(warehouse, catalog, properties);
        boolean local = "file".equals(config.warehouse().getScheme());
        Logging.toFile((local ? Path.of(config.warehouse()) : Path.of("")).resolve("glossa.log"));
        HadoopFiles.use(SparkHadoopUtil.get().newConfiguration(new SparkConf()));
        return Lake.open(config);
    }

    /** A number that may be left out. */
    public static OptionalLong optional(Long value) {
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
