package io.glossa.featurize.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.error.GlossaException;
import io.glossa.featurize.Speech;
import io.glossa.featurize.mel.FrontEndConfig;
import io.glossa.featurize.mel.LogMel;
import org.junit.jupiter.api.Test;

class FeatureCodecTest {
    @Test
    void everyHalfComesBackAsItself() {
        byte[] bytes = new byte[2 << 16];
        for (int half = 0; half < 1 << 16; half++) {
            boolean nan = (half & 0x7fff) > 0x7c00;
            bytes[2 * half] = (byte) (nan ? 0 : half);
            bytes[2 * half + 1] = (byte) (nan ? 0 : half >> 8);
        }
        assertThat(FeatureCodec.encode(FeatureCodec.decode(bytes))).isEqualTo(bytes);
    }

    @Test
    void roundsToTheNearestEven() {
        assertThat(roundTrip(1 + 0x1p-11f)).isEqualTo(1f);
        assertThat(roundTrip(1 + 3 * 0x1p-11f)).isEqualTo(1 + 0x1p-9f);
        assertThat(roundTrip(65519f)).isEqualTo(65504f);
        assertThat(roundTrip(65520f)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(roundTrip(0x1p-25f)).isEqualTo(0f);
        assertThat(roundTrip(3 * 0x1p-25f)).isEqualTo(0x1p-23f);
        assertThat(roundTrip(Float.NaN)).isNaN();
        assertThat(roundTrip(Float.NEGATIVE_INFINITY)).isEqualTo(Float.NEGATIVE_INFINITY);
    }

    @Test
    void keepsLogMelsToHalfPrecision() {
        float[] mels = LogMel.of(FrontEndConfig.usm()).compute(Speech.wideband());
        float[] back = FeatureCodec.decode(FeatureCodec.encode(mels));
        for (int i = 0; i < mels.length; i++) {
            assertThat(Math.abs(back[i] - mels[i])).isLessThanOrEqualTo(Math.abs(mels[i]) * 0x1p-11f + 0x1p-25f);
        }
    }

    @Test
    void decodesAPart() {
        float[] into = new float[4];
        FeatureCodec.decode(FeatureCodec.encode(new float[] {1, 2, 3}), 2, into, 1, 2);
        assertThat(into).containsExactly(0, 2, 3, 0);
        assertThatThrownBy(() -> FeatureCodec.decode(new byte[3], 0, into, 0, 2))
                .isInstanceOf(GlossaException.class);
    }

    private static float roundTrip(float value) {
        return FeatureCodec.decode(FeatureCodec.encode(new float[] {value}))[0];
    }
}
