package io.glossa.jobs.lineage;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code lineage ask recording}. */
@Command(
        name = "recording",
        description = {
            "Which models saw this recording, themselves or through a model that they hang on; in which step first, and how"
                    + " often.",
            "It is computed from the order of batches, up to each checkpoint; a step that was left out does not count."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {"", "Example:", "  ./glossa lineage ask recording it/agent-pass.wav --lake work/lake"})
final class AskRecordingCommand implements Callable<Integer> {
    @Parameters(paramLabel = "RECORDING", description = "its id, or the end of its URI, from a slash on")
    private String recording;

    @Mixin
    private AskOptions options;

    @Override
    public Integer call() {
        options.answer(
                ancestry -> Sightings.of(ancestry, Recording.named(ancestry.lake(), recording)), Sightings::lines);
        return 0;
    }
}
