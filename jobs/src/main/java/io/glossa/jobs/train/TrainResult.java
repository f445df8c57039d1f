package io.glossa.jobs.train;

import io.glossa.jobs.cli.Summary;
import io.glossa.storage.Folder;
import java.util.Map;

/**
 * What a training job made.
 *
 * @param folder of the run, with checkpoints and {@code metrics.jsonl}
 * @param checkpoint the last one
 * @param digest names the model
 * @param steps done, over all runs
 * @param passes over the data
 * @param hours of audio in a pass, without that of pseudo-labels
 * @param pseudoHours of audio with pseudo-labels in a pass
 * @param metrics the last ones, by name
 * @param rejected utterances that could not be used, by code
 * @param alreadyDone whether an earlier run had done it all
 */
public record TrainResult(
        Folder folder,
        Folder checkpoint,
        String digest,
        long steps,
        int passes,
        double hours,
        double pseudoHours,
        Map<String, Double> metrics,
        Map<String, Long> rejected,
        boolean alreadyDone,
        Summary summary) {}
