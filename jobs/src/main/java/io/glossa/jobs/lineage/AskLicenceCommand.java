package io.glossa.jobs.lineage;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code lineage ask licence}. */
@Command(
        name = "licence",
        description = "Whether anything under this licence reaches a model, how much of it, and by which path.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {"", "Example:", "  ./glossa lineage ask licence CC-BY-SA-3.0 finetune --lake work/lake"})
final class AskLicenceCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "LICENCE", description = "as the lake's tables spell it")
    private String licence;

    @Parameters(index = "1", paramLabel = "MODEL", description = "as for ask model")
    private String model;

    @Mixin
    private AskOptions options;

    @Override
    public Integer call() {
        options.answer(
                ancestry -> LicenceReach.of(ancestry, licence, ancestry.models().named(model)), LicenceReach::lines);
        return 0;
    }
}
