package io.glossa.jobs.evaluate;

import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import io.glossa.trainer.device.DeviceRequest;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What to evaluate, and on what.
 *
 * @param model a checkpoint of a recogniser, or a folder of them
 * @param base where the base of its adapters is, if it has some, and that is elsewhere than it was
 * @param splits to recognise
 * @param trainingSplits whose texts the model may have learned by heart
 * @param features snapshot of the features; empty: the current one
 * @param frontEnd first digits of the digest of the front end whose features are read, where the model does not say which;
 *     empty: the lake's only one
 * @param transcripts snapshot of the transcripts; empty: the current one
 * @param seed of the confidence intervals
 * @param device what the model runs on: one of {@link DeviceRequest#NAMES}
 */
public record EvaluateConfig(
        Folder model,
        Optional<Folder> base,
        List<String> splits,
        List<String> trainingSplits,
        OptionalLong features,
        String frontEnd,
        OptionalLong transcripts,
        long seed,
        String device) {
    /** @throws GlossaException of type USER if there are no splits, or no device of this name */
    public EvaluateConfig {
        DeviceRequest.of(device);
        splits = splits.stream().distinct().sorted().toList();
        trainingSplits = trainingSplits.stream().distinct().sorted().toList();
        if (splits.isEmpty()) {
            throw GlossaException.user("Cannot evaluate: found no splits, expected at least one");
        }
    }

    /** The model on the current split {@code test}, texts of {@code train} being the known ones, on the processor. */
    public static EvaluateConfig of(Folder model) {
        return new EvaluateConfig(
                model,
                Optional.empty(),
                List.of("test"),
                List.of("train"),
                OptionalLong.empty(),
                "",
                OptionalLong.empty(),
                0,
                "cpu");
    }
}
