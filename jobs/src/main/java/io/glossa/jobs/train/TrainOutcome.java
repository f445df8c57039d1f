package io.glossa.jobs.train;

import io.glossa.featurize.frontend.FrontEndChoice;
import io.glossa.jobs.cli.Summary;
import io.glossa.storage.Folder;
import io.glossa.storage.checkpoint.CheckpointMeta;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.trainer.objective.Head;
import io.glossa.trainer.objective.Most;
import io.glossa.trainer.text.Tokenizer;
import io.glossa.trainer.text.Tokenizers;
import io.glossa.trainer.train.TrainConfig;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Puts a training into words.
 *
 * @param from the step that this run started from
 */
record TrainOutcome(
        String job,
        Folder folder,
        Folder checkpoint,
        TrainConfig training,
        TrainedOn data,
        long from,
        boolean already,
        double seconds) {
    private static final double SECONDS_PER_HOUR = 3600;

    TrainResult result() {
        CheckpointMeta meta = Checkpoints.meta(checkpoint);
        String digest = Checkpoints.digest(checkpoint);
        return new TrainResult(
                folder,
                checkpoint,
                digest,
                meta.step(),
                training.passes(),
                data.hours(),
                data.pseudoHours(),
                meta.metrics(),
                data.rejects(),
                already,
                summary(meta, digest));
    }

    private Summary summary(CheckpointMeta meta, String digest) {
        double share = meta.step() == 0 ? 0 : (meta.step() - from) / (double) meta.step();
        boolean most = meta.kind().equals(Most.KIND);
        double audio = already || most
                ? 0
                : share * training.passes() * (data.hours() + data.pseudoHours()) * SECONDS_PER_HOUR;
        Map<String, String> notes = new LinkedHashMap<>();
        if (data.pseudoHours() > 0) {
            notes.put(
                    "mix",
                    String.format(
                            Locale.ROOT,
                            "%.2f h human : %.2f h pseudo (1 : %.2f)",
                            data.hours(),
                            data.pseudoHours(),
                            data.pseudoHours() / data.hours()));
        }
        FrontEndChoice heard = FrontEndChoice.of(meta);
        if (heard.isKnown()) {
            notes.put("front end", heard.own());
        }
        if (Head.ofModel(meta.kind()).isPresent()) {
            notes.put("tokenizer", tokenizer(meta));
        }
        if (!already) {
            MetricsFile.read(folder).stream()
                    .reduce((line, next) -> next)
                    .ifPresent(last -> notes.put("data", waited(last)));
        }
        notes.put("model", digest);
        notes.put("folder", checkpoint.toString());
        String in = most
                ? String.format(
                        Locale.ROOT,
                        "%,d utterances with text, %.1f h without, %,d texts",
                        data.utterances(),
                        data.untranscribedHours(),
                        data.texts())
                : String.format(Locale.ROOT, "%,d utterances, %d passes", data.utterances(), training.passes());
        return new Summary(job, seconds, audio, in, out(meta), data.rejects(), Map.of(), notes);
    }

    private static String waited(MetricsLine last) {
        return String.format(
                Locale.ROOT,
                "the first rank waited for it %.1f %% of the time",
                100 * last.waitedSeconds() / last.seconds());
    }

    private String tokenizer(CheckpointMeta meta) {
        Tokenizer tokenizer = Tokenizers.of(meta.config());
        String name = String.format(
                Locale.ROOT, "%s, %,d symbols, %s", TokenizerChoice.nameIn(meta), tokenizer.size(), tokenizer.digest());
        return tokenizer.unknown().isEmpty()
                ? name
                : name + String.format(Locale.ROOT, ", %.2f %% of the human texts unknown", 100 * data.unknownShare());
    }

    private String out(CheckpointMeta meta) {
        String loss = String.format(
                Locale.ROOT,
                "step %,d, loss %.3f",
                meta.step(),
                meta.metrics().getOrDefault(MetricsLine.LOSS, Double.NaN));
        if (already) {
            return "already done: " + loss;
        }
        return from == 0 ? loss : loss + String.format(Locale.ROOT, ", resumed from step %,d", from);
    }
}
