package io.glossa.trainer.train;

import io.glossa.storage.checkpoint.Retention;

/**
 * Which checkpoints a training writes and keeps.
 *
 * @param checkpointSteps steps between checkpoints; the last step always writes one
 * @param keepLast checkpoints that stay, the newest ones
 * @param keepEvery one checkpoint of so many stays besides; 0: none
 */
public record SavingConfig(int checkpointSteps, int keepLast, int keepEvery) {
    static final SavingConfig DEFAULTS = new SavingConfig(1000, 3, 0);

    public SavingConfig {
        SettingCheck.require(checkpointSteps > 0, "checkpoint-steps=" + checkpointSteps, "at least 1");
        SettingCheck.require(keepLast > 0, "keep-last=" + keepLast, "at least 1");
        SettingCheck.require(keepEvery >= 0, "keep-every=" + keepEvery, "0 or more");
    }

    /** What these settings keep. */
    Retention retention() {
        return new Retention(keepLast, (long) keepEvery * checkpointSteps);
    }
}
