package io.glossa.trainer.data;

import io.glossa.storage.Half;
import java.nio.ByteBuffer;

/**
 * An utterance with its features, as small as they are stored.
 *
 * @param logmel half floats, little-endian, frame-major, [frames × mels]
 */
public record Example(Utterance utterance, byte[] logmel) {
    /** Log-mels, frame-major, [frames × mels]. */
    public float[] features() {
        return Half.decode(ByteBuffer.wrap(logmel));
    }
}
