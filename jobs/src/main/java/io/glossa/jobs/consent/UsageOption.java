package io.glossa.jobs.consent;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option by which a person says what a run is, as far as consent asks. */
public final class UsageOption {
    @Option(
            names = "--use",
            paramLabel = "KEY=VALUE",
            description = "what the run is, for consent (submit consent --help tells the keys)")
    private Map<String, String> set = new LinkedHashMap<>();

    /** What was said; empty: nothing was. */
    public Optional<Usage> asked() {
        return set.isEmpty() ? Optional.empty() : Optional.of(usage());
    }

    public Usage usage() {
        return Usage.of(set);
    }
}
