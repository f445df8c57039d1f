package io.glossa.trainer.train;

import io.glossa.error.GlossaException;

/** What the settings of a training are held to. It is no part of {@link TrainConfig}, whose defaults have those of its parts. */
final class SettingCheck {
    private SettingCheck() {}

    static void require(boolean holds, String found, String expected) {
        if (!holds) {
            throw GlossaException.user("Cannot train with " + found + ": expected " + expected);
        }
    }

    static void requireSteps(String key, String value) {
        require(value.matches(TrainConfig.AUTO + "|\\d{1,9}"), key + "=" + value, "0 or more, or " + TrainConfig.AUTO);
    }
}
