package io.glossa.jobs.evaluate;

import io.glossa.jobs.cli.Summary;
import io.glossa.storage.Folder;
import java.util.List;

/**
 * What an evaluation found.
 *
 * @param checkpoint that was evaluated; {@code evaluation.json} and {@code hypotheses.jsonl} are in its directory
 * @param evaluation the rates
 * @param utterances in the order of their ids
 * @param alreadyDone whether an earlier run had done it all
 */
public record EvaluateResult(
        Folder checkpoint, Evaluation evaluation, List<Heard> utterances, boolean alreadyDone, Summary summary) {}
