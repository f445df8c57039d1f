package io.glossa.jobs.average;

import io.glossa.error.GlossaException;
import io.glossa.jobs.cli.CodeVersion;
import io.glossa.jobs.cli.Summary;
import io.glossa.storage.Folder;
import io.glossa.storage.checkpoint.Checkpoint;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.trainer.train.ModelAverage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code submit average}. */
@Command(
        name = AverageCommand.NAME,
        description = {
            "Averages the weights of the last checkpoints of a training, which often recognises better than the last one.",
            "What comes out is a checkpoint that evaluate, label and finetune --init take; no training goes on from it."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Example:",
            "  ./glossa submit average --model work/lake/models/finetune --last 3 --out work/lake/models/average"
        })
public final class AverageCommand implements Callable<Integer> {
    static final String NAME = "average";

    @Option(
            names = "--model",
            paramLabel = "DIR",
            required = true,
            description = "a folder of checkpoints of one training: a path, hdfs:, s3a: (required)")
    private Folder model;

    @Option(
            names = "--last",
            paramLabel = "N",
            defaultValue = "3",
            description = "how many of the newest finished ones (default: ${DEFAULT-VALUE}; --set keep-last=N of a"
                    + " training says how many stay)")
    private int last;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "another folder, for the checkpoint that comes out; one that holds averages alone (required)")
    private Folder out;

    @Option(
            names = "--base",
            paramLabel = "DIR",
            description = "where the base of their adapters is now, if they have some and that was moved")
    private Folder base;

    @Override
    public Integer call() {
        long started = System.nanoTime();
        if (last < 1 || model.equals(out)) {
            throw GlossaException.user("Cannot average the last " + last + " checkpoints of " + model + " into " + out
                    + ", expected --last of at least 1 and --out of another folder");
        }
        requireNoTraining();
        List<Folder> parents = Checkpoints.models(model, last, System.err::println);
        if (parents.size() < last) {
            throw GlossaException.user("Cannot average the last " + last + " checkpoints of " + model + ": found "
                    + parents.size() + " finished ones, expected so many (--last N)");
        }
        Checkpoint mean = ModelAverage.of(
                parents,
                Optional.ofNullable(base),
                Map.of("glossa.job", NAME, "glossa.code-version", CodeVersion.current()));
        summary(Checkpoints.write(out, mean), parents, started).print(System.out);
        return 0;
    }

    /** An average replaces one of the same step, which may be of no training, whatever path leads to it. */
    private void requireNoTraining() {
        for (Folder step : Checkpoints.finished(out)) {
            if (!Checkpoints.meta(step).lineage().containsKey(ModelAverage.PARENTS)) {
                throw GlossaException.user("Cannot write an average to " + out + ": found " + step.name()
                        + ", a checkpoint of a training, expected averages or nothing (--out of another folder)");
            }
        }
    }

    private static Summary summary(Folder written, List<Folder> parents, long started) {
        Map<String, String> notes = new LinkedHashMap<>();
        parents.forEach(parent -> notes.put(parent.name(), Checkpoints.digest(parent)));
        notes.put("model", Checkpoints.digest(written));
        notes.put("folder", written.toString());
        String in = String.format(Locale.ROOT, "%,d checkpoints", parents.size());
        return new Summary(NAME, Summary.secondsSince(started), 0, in, "their mean", Map.of(), Map.of(), notes);
    }
}
