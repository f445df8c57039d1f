package io.glossa.jobs.spark;

import picocli.CommandLine.Option;

/** The option of all jobs that run a model. */
public final class DeviceOption {
    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "cpu",
            description =
                    "cpu (default), cuda: an NVIDIA GPU, which a cluster offers as Spark's resource gpu; to compare"
                            + " with, slow: reference, emit-only")
    private String name;

    public String name() {
        return name;
    }
}
