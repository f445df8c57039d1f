package io.glossa.jobs.spark;

import picocli.CommandLine.Option;

/** The option of all jobs that read features. */
public final class FrontEndOption {
    @Option(
            names = "--front-end",
            paramLabel = "DIGEST",
            defaultValue = "",
            description =
                    "whose features to read: a digest or its first digits (default: the model's, else the lake's only one)")
    private String digest;

    /** First digits; empty: none was named. */
    public String digest() {
        return digest;
    }
}
