package io.glossa.trainer.plan;

import io.glossa.error.GlossaException;

/**
 * A figure of a device, and where it is from.
 *
 * @param value in bytes, seconds, bytes or floating-point operations per second
 * @param source the command and the machine, the sheet, or the reason
 */
public record Rate(double value, Basis basis, String source) {
    /** How far a figure can be relied on. */
    public enum Basis {
        MEASURED("measured"),
        DATA_SHEET("data sheet"),
        ASSUMED("assumed");

        private final String words;

        Basis(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    public Rate {
        if (!(value >= 0) || basis == null || source == null || source.isBlank()) {
            throw GlossaException.internal("Cannot use a rate of " + value + ", " + basis + ", from '" + source
                    + "', expected 0 or more, and where it is from");
        }
    }
}
