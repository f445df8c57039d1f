package io.glossa.jobs.lineage;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code lineage ask model}. */
@Command(
        name = "model",
        description = {
            "What went into this model: sources, hours, licences and languages, itself and by the models that it started from or"
                    + " learned texts of, the front end's statistics and the tokenizer too.",
            "Hours learned count audio as often as it was learned from, up to this checkpoint."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {"", "Example:", "  ./glossa lineage ask model finetune --lake work/lake"})
final class AskModelCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "MODEL",
            description =
                    "a folder of checkpoints, or its name in the lake's folder models, of which the last is meant; a"
                            + " checkpoint; or the first digits of a model's digest")
    private String model;

    @Mixin
    private AskOptions options;

    @Override
    public Integer call() {
        options.answer(ancestry -> Contents.of(ancestry, ancestry.models().named(model)), Contents::lines);
        return 0;
    }
}
