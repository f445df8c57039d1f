package io.glossa.featurize.decode;

import static org.assertj.core.api.Assertions.assertThat;

/** Decodes leniently to what a test expects. */
public final class Decode {
    private Decode() {}

    static Decoded.Ok ok(byte[] bytes) {
        Decoded decoded = AudioDecoder.decode(bytes, DecodeOptions.lenient());
        assertThat(decoded).isInstanceOf(Decoded.Ok.class);
        return (Decoded.Ok) decoded;
    }

    static Decoded.Reject reject(byte[] bytes) {
        Decoded decoded = AudioDecoder.decode(bytes, DecodeOptions.lenient());
        assertThat(decoded).isInstanceOf(Decoded.Reject.class);
        return (Decoded.Reject) decoded;
    }
}
