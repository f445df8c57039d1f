package io.glossa.featurize.helper;

import io.glossa.featurize.decode.AudioDecoder;
import io.glossa.featurize.decode.DecodeOptions;
import io.glossa.featurize.decode.Decoded;

/** Where files are decoded. */
public enum Decoding {
    /** In processes beside this one, so that a file that ends or blocks its decoder is a reject. */
    HELPERS {
        @Override
        public Decoded decode(byte[] bytes, DecodeOptions options) {
            return DecoderPool.shared().decode(bytes, options);
        }
    },
    /** In this process. */
    IN_PROCESS {
        @Override
        public Decoded decode(byte[] bytes, DecodeOptions options) {
            return AudioDecoder.decode(bytes, options);
        }
    };

    /**
     * As {@link AudioDecoder#decode} does.
     *
     * @throws io.glossa.error.GlossaException of type RESOURCE if no helper can be started
     */
    public abstract Decoded decode(byte[] bytes, DecodeOptions options);
}
