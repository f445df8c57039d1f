package io.glossa.jobs.lineage;

import io.glossa.storage.Folder;
import io.glossa.storage.checkpoint.CheckpointMeta;
import io.glossa.storage.checkpoint.Checkpoints;

/**
 * The model of a checkpoint.
 *
 * @param digest names it everywhere
 * @param step its checkpoint
 * @param run the folder of its training
 */
record Model(String digest, Folder step, Folder run, CheckpointMeta meta) {
    static final int SHORT_DIGEST = 12;

    static Model of(Folder step, Folder run) {
        return new Model(Checkpoints.notedDigest(step), step, run, Checkpoints.meta(step));
    }

    /** For a person: the training's folder and the step. */
    String name() {
        return run.name() + "/" + step.name();
    }

    /** The first digits of a digest. */
    static String shortened(String digest) {
        return digest.substring(0, Math.min(digest.length(), SHORT_DIGEST));
    }
}
