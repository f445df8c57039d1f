package io.glossa.featurize.lake;

/**
 * What writing met besides rows to add.
 *
 * @param repaired rows that were in a table twice and were taken away
 * @param retried commits that were made again because another writer's came first
 */
public record WriteCounts(long repaired, long retried) {}
