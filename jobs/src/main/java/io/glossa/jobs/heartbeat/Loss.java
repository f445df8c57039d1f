package io.glossa.jobs.heartbeat;

/**
 * Why an attempt had to end.
 *
 * @param executor of the rank that was lost; empty where no executor is to be replaced
 * @param cause which rank, where, and how it was noticed; where another try is worth nothing also what was expected
 * @param noticedSeconds from its last heartbeat until then
 * @param worthAnotherTry whether the same again may go better
 */
public record Loss(String executor, String cause, double noticedSeconds, boolean worthAnotherTry) {
    /** That a rank was lost. */
    Loss(String executor, String cause, double noticedSeconds) {
        this(executor, cause, noticedSeconds, true);
    }
}
