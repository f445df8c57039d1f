package io.glossa.featurize.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.featurize.Speech;
import org.junit.jupiter.api.Test;

class FlacEncoderTest {
    @Test
    void keepsSixteenBits() {
        for (float[] samples : new float[][] {
            Speech.wideband(), Speech.noise(3.21, 0.3, 5), new float[16_000], {0.25f}, Speech.noise(0.001, 2, 6)
        }) {
            short[] expected = FlacEncoder.quantize(samples);
            Decoded.Ok back = (Decoded.Ok) AudioDecoder.decode(FlacEncoder.encode(samples), DecodeOptions.lenient());
            assertThat(back.partial()).isFalse();
            assertThat(back.info()).isEqualTo(new AudioInfo("flac", "flac", 16_000, 1, samples.length / 16_000.0));
            assertThat(FlacEncoder.quantize(back.samples())).isEqualTo(expected);
        }
    }

    @Test
    void isDeterministicAndSmall() {
        float[] samples = Speech.wideband();
        byte[] flac = FlacEncoder.encode(samples);
        assertThat(flac).isEqualTo(FlacEncoder.encode(samples));
        assertThat(flac.length).isLessThan(2 * samples.length);
    }

    @Test
    void clips() {
        assertThat(FlacEncoder.quantize(new float[] {2f, -2f, 1f, -1f, 0.5f}))
                .containsExactly(new short[] {32767, -32768, 32767, -32768, 16384});
    }
}
