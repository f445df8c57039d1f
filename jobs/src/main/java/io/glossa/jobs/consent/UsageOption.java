package io.glossa.jobs.consent;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** The option by which a person says what a run is, as far as consent asks. */
public final class UsageOption {
    @Option(
            names = "--use",
            paramLabel = "KEY=VALUE",
            description = "what the run is, for consent (submit consent --help tells the keys)")
    private Map<String, String> set = new LinkedHashMap<>();

    public Usage usage() {
        return Usage.of(set);
    }
}
