package io.glossa.jobs.heartbeat;

/**
 * That a rank was lost.
 *
 * @param executor whose; empty where no rank is to blame
 * @param cause which rank, where, and how it was noticed
 * @param noticedSeconds from its last heartbeat until then
 */
public record Loss(String executor, String cause, double noticedSeconds) {}
