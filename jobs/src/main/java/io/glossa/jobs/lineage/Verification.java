package io.glossa.jobs.lineage;

import io.glossa.error.GlossaException;
import io.glossa.jobs.train.Environment;
import io.glossa.jobs.train.Replay;
import io.glossa.jobs.train.TrainResult;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.checkpoint.CheckpointMeta;
import io.glossa.storage.checkpoint.Checkpoints;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.spark.sql.SparkSession;

/**
 * What came of training a checkpoint's last interval again (after Tribuo's reproductions, Pocock 2021).
 *
 * @param checkpoint that is verified
 * @param from the step that was trained from; 0: the beginning
 * @param step the checkpoint's
 * @param digest of its model
 * @param again of the model that came out
 * @param differences of what it ran on, in sentences
 */
record Verification(Folder checkpoint, long from, long step, String digest, String again, List<String> differences) {
    /**
     * Trains again.
     *
     * @param init the model that the training started from; empty: none
     * @param work a folder that is not there, which is left with what was trained
     * @throws GlossaException of type USER if it is not the last checkpoint of its training
     */
    static Verification of(Folder checkpoint, Optional<Folder> init, Folder work, SparkSession spark, Lake lake) {
        Folder run = checkpoint.parent();
        List<Folder> all = Checkpoints.finished(run);
        if (all.isEmpty() || !all.get(0).equals(checkpoint)) {
            throw GlossaException.user("Cannot verify " + checkpoint + ": found "
                    + (all.isEmpty() ? "no other" : all.get(0).name()) + " in its folder, expected it to be the last"
                    + " checkpoint there, since a training is done again to its end");
        }
        CheckpointMeta meta = Checkpoints.meta(checkpoint);
        Optional<Folder> from = all.stream().skip(1).findFirst();
        TrainResult trained = new Replay(run, meta, from, init, work, Optional.empty()).run(spark, lake);
        return new Verification(
                checkpoint,
                from.map(before -> Checkpoints.meta(before).step()).orElse(0L),
                meta.step(),
                Checkpoints.digest(checkpoint),
                trained.digest(),
                differences(
                        Environment.in(meta.lineage()),
                        Environment.in(Checkpoints.meta(trained.checkpoint()).lineage())));
    }

    static List<String> differences(Map<String, String> then, Map<String, String> now) {
        TreeSet<String> names = new TreeSet<>(then.keySet());
        names.addAll(now.keySet());
        List<String> differences = new ArrayList<>();
        for (String name : names) {
            String before = then.getOrDefault(name, "not noted");
            String today = now.getOrDefault(name, "not noted");
            if (!before.equals(today)) {
                differences.add(name + ": " + before + " then, " + today + " now");
            }
        }
        return differences;
    }

    boolean isSame() {
        return digest.equals(again);
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add((isSame() ? "yes" : "no") + ": steps " + (from + 1) + " to " + step + " of " + checkpoint
                + (isSame()
                        ? " give the same bits again, model " + digest
                        : " give model " + again + ", not " + digest));
        differences.forEach(difference -> lines.add("differs: " + difference));
        if (!isSame() && differences.isEmpty()) {
            lines.add("nothing that is noted of where it ran differs");
        }
        return lines;
    }
}
