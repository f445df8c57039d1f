package io.glossa.storage;

/**
 * One data file of a snapshot.
 *
 * @param location where it is, as the table's metadata has it
 * @param rows its rows
 * @param bytes its length
 */
public record DataFileRef(String location, long rows, long bytes) {}
