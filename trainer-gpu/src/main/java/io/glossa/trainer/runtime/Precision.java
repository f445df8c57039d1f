package io.glossa.trainer.runtime;

import io.glossa.config.Nearest;
import io.glossa.error.GlossaException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * In which numbers a program computes: all F32, or BF16 where {@link io.glossa.trainer.lower.MixedPrecision} says, or F8 too
 * where {@link io.glossa.trainer.lower.F8Products} says, which takes a GPU. FP8_FAST is FP8 whose tensor cores add up with
 * fewer bits, and so at their full rate.
 */
public enum Precision {
    FP32,
    BF16,
    FP8,
    FP8_FAST;

    private static final List<String> TITLES =
            Arrays.stream(values()).map(Precision::title).toList();

    /** @throws GlossaException of type USER if there is none of this name */
    public static Precision of(String name) {
        int index = TITLES.indexOf(name);
        if (index < 0) {
            throw GlossaException.user("Cannot compute in '" + name + "': no such dtype, expected one of "
                    + String.join(", ", TITLES) + Nearest.hint(name, TITLES));
        }
        return values()[index];
    }

    /** As settings and tables have it, such as "bf16" or "fp8-fast". */
    public String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether products are of rounded numbers. */
    public boolean isMixed() {
        return this != FP32;
    }

    /** Whether linear layers forward multiply F8 numbers. */
    public boolean isF8() {
        return this == FP8 || this == FP8_FAST;
    }
}
