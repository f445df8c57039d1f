package io.glossa.featurize.helper;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.featurize.decode.Decoded;
import java.util.Arrays;

/** Holds what a file decodes to in two ways to be the same to the bit. */
public final class SameDecoded {
    private SameDecoded() {}

    public static void check(Decoded found, Decoded expected) {
        if (expected instanceof Decoded.Ok right && found instanceof Decoded.Ok ok) {
            assertThat(Arrays.equals(ok.samples(), right.samples()))
                    .as("the same %d samples", right.samples().length)
                    .isTrue();
            assertThat(ok.info()).isEqualTo(right.info());
            assertThat(ok.partial()).isEqualTo(right.partial());
            assertThat(ok.warning()).isEqualTo(right.warning());
        } else {
            assertThat(found).isEqualTo(expected);
        }
    }
}
