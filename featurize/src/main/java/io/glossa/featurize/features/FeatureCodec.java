package io.glossa.featurize.features;

import io.glossa.error.GlossaException;
import io.glossa.storage.Half;
import java.nio.ByteBuffer;

/**
 * Log-mel values as IEEE half floats, little-endian, in the order given: the {@code fp16} encoding of the table features.
 *
 * <p>Rounded to the nearest, ties to even. Log-mels lie between −11.6 and about 8, so a half float errs by at most 2^−8.
 */
public final class FeatureCodec {
    /** The name of this encoding in {@code features.encoding}. */
    public static final String FP16 = "fp16";

    private FeatureCodec() {}

    /** Two bytes for each value. */
    public static byte[] encode(float[] values) {
        return Half.encode(values);
    }

    public static float[] decode(byte[] bytes) {
        return Half.decode(ByteBuffer.wrap(bytes));
    }

    /** {@code count} values from byte {@code from} on, to {@code into} from element {@code at} on. */
    public static void decode(byte[] bytes, int from, float[] into, int at, int count) {
        if (from < 0 || bytes.length - from < 2L * count) {
            throw GlossaException.data("Cannot decode " + count + " half floats: found " + (bytes.length - from)
                    + " bytes, expected " + 2L * count);
        }
        float[] values = Half.decode(ByteBuffer.wrap(bytes, from, 2 * count));
        System.arraycopy(values, 0, into, at, count);
    }
}
