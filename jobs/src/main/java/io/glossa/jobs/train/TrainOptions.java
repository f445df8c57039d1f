package io.glossa.jobs.train;

import io.glossa.jobs.consent.UsageOption;
import io.glossa.jobs.spark.DeviceOption;
import io.glossa.jobs.spark.FrontEndOption;
import io.glossa.jobs.spark.LakeOptions;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that all training jobs have. */
public final class TrainOptions {
    @Option(
            names = "--splits",
            paramLabel = "A,B",
            split = ",",
            defaultValue = "train",
            description = "splits whose utterances are used (default: ${DEFAULT-VALUE})")
    private List<String> splits;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "one setting; may be repeated. An unknown key is answered with the known ones")
    private Map<String, String> set = new LinkedHashMap<>();

    @Option(names = "--passes", paramLabel = "N", description = "how often each utterance is seen: --set passes=N")
    private Integer passes;

    @Option(
            names = "--features",
            paramLabel = "ORIGIN",
            defaultValue = "stored",
            description =
                    "stored: what featurize wrote (default); on-the-fly: computed from audio while it trains, in the"
                            + " same bits, by the usual front end unless --front-end or a model says another")
    private FeatureOrigin origin;

    @Option(
            names = "--feature-threads",
            paramLabel = "N",
            defaultValue = "1",
            description = "threads of each rank that compute features on the fly (default: ${DEFAULT-VALUE})")
    private int featureThreads;

    @Option(
            names = "--feature-cache",
            paramLabel = "N",
            defaultValue = "25",
            description = "per cent of the heap to keep features in (default: ${DEFAULT-VALUE})")
    private int featureCache;

    @Option(
            names = "--snapshot",
            paramLabel = "ID",
            description = "snapshot of features, or on the fly of utterances (default: the current one)")
    private Long snapshot;

    @Mixin
    private FrontEndOption frontEnd;

    @Mixin
    private UsageOption use;

    @Option(names = "--name", paramLabel = "NAME", description = "the model's name in the lake (default: the job's)")
    private String name;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "folder for checkpoints, which driver and executors must see: a path, hdfs:, s3a:"
                    + " (default: models/NAME in the lake)")
    private Folder out;

    @Mixin
    private DeviceOption device;

    @Option(
            names = "--ranks",
            paramLabel = "N",
            defaultValue = "1",
            description = "processes that train together, Spark tasks with a device each; they share the parts of each"
                    + " batch (--set parts=N) (default: ${DEFAULT-VALUE})")
    private int ranks;

    @Option(
            names = "--min-ranks",
            paramLabel = "N",
            description = "go on with so few when there is no room for more (default: all)")
    private Integer minRanks;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "of each device (default: all cores, shared by a machine's ranks)")
    private int threads;

    @Option(
            names = "--activation-budget",
            paramLabel = "MB",
            defaultValue = "0",
            description = "memory for activations; what does not fit is computed again (default: no limit)")
    private int activationMb;

    @Option(
            names = "--dump-graph",
            paramLabel = "DIR",
            defaultValue = "",
            description = "write there what each pass of the compiler makes of each program")
    private String dumpGraph;

    List<String> splits() {
        return splits;
    }

    Map<String, String> set() {
        if (passes == null) {
            return set;
        }
        Map<String, String> all = new LinkedHashMap<>(set);
        all.put("passes", passes.toString());
        return all;
    }

    FeatureChoice features() {
        return new FeatureChoice(origin, LakeOptions.optional(snapshot), frontEnd.digest(), use.usage());
    }

    Machine machine() {
        return new Machine(
                device.name(),
                ranks,
                minRanks == null ? ranks : minRanks,
                threads,
                activationMb,
                dumpGraph,
                featureThreads,
                featureCache);
    }

    /** The run's folder. */
    Folder folder(Lake lake, String job) {
        if (out != null) {
            return out;
        }
        return lake.folder().resolve("models").resolve(name == null ? job : name);
    }
}
