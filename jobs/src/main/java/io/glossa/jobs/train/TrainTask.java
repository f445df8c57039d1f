package io.glossa.jobs.train;

import io.glossa.storage.Folder;
import io.glossa.storage.LakeConfig;
import java.io.Serializable;
import java.util.Map;

/**
 * All that a rank is told.
 *
 * @param job the job's name
 * @param objective its settings by key, but for the symbols, which the data give
 * @param training settings by key
 * @param folder of the run, which driver and rank see
 * @param init model whose encoder to start from; null: none
 * @param attempt which launch of the ranks it is: a word of its own
 * @param from checkpoint in the folder to go on from; null: none
 * @param lineage goes into each checkpoint
 */
record TrainTask(
        String job,
        LakeConfig lake,
        TrainData data,
        Map<String, String> objective,
        Map<String, String> training,
        Folder folder,
        Pretrained init,
        String attempt,
        Folder from,
        Machine machine,
        Map<String, String> lineage)
        implements Serializable {
    /** The same on another machine, or on part of it. */
    TrainTask on(Machine other) {
        return new TrainTask(job, lake, data, objective, training, folder, init, attempt, from, other, lineage);
    }

    /** Another launch, which goes on from a checkpoint. */
    TrainTask launched(String name, Folder checkpoint) {
        return new TrainTask(job, lake, data, objective, training, folder, init, name, checkpoint, machine, lineage);
    }
}
