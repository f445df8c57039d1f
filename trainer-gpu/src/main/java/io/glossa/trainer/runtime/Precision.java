package io.glossa.trainer.runtime;

import io.glossa.config.Nearest;
import io.glossa.error.GlossaException;
import java.util.List;

/**
 * In which numbers a program computes: all F32, or BF16 where {@link io.glossa.trainer.lower.MixedPrecision} says, or F8 too
 * where {@link io.glossa.trainer.lower.EighthProducts} says, which takes a GPU.
 */
public enum Precision {
    FP32,
    BF16,
    FP8;

    private static final List<String> NAMES = List.of("fp32", "bf16", "fp8");

    /** @throws GlossaException of type USER if there is none of this name */
    public static Precision of(String name) {
        int index = NAMES.indexOf(name);
        if (index < 0) {
            throw GlossaException.user(
                    "Cannot compute in '" + name + "': no such dtype, expected one of " + String.join(", ", NAMES)
                            + Nearest.of(name, NAMES)
                                    .map(nearest -> " (did you mean '" + nearest + "'?)")
                                    .orElse(""));
        }
        return values()[index];
    }

    /** Whether products are of rounded numbers. */
    public boolean isMixed() {
        return this != FP32;
    }
}
