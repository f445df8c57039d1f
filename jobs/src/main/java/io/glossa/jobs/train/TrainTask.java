package io.glossa.jobs.train;

import io.glossa.storage.LakeConfig;
import java.io.Serializable;
import java.util.Map;

/**
 * All that a rank is told.
 *
 * @param job the job's name
 * @param kind of objective
 * @param objective its settings by key, but for the symbols, which the data give
 * @param training settings by key
 * @param folder of the run, on a file system that driver and rank share
 * @param init finished checkpoint whose encoder to start from; empty: none
 * @param lineage goes into each checkpoint
 */
record TrainTask(
        String job,
        LakeConfig lake,
        TrainData data,
        String kind,
        Map<String, String> objective,
        Map<String, String> training,
        String folder,
        String init,
        Machine machine,
        Map<String, String> lineage)
        implements Serializable {}
