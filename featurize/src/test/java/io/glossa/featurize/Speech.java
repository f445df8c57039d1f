package io.glossa.featurize;

import io.glossa.featurize.decode.AudioDecoder;
import io.glossa.featurize.decode.DecodeOptions;
import io.glossa.featurize.decode.Decoded;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Random;

/** Recordings that the tests use, and signals made of them. */
public final class Speech {
    private Speech() {}

    public static byte[] bytes(String name) {
        try (InputStream in = Speech.class.getResourceAsStream("speech/" + name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** "Call forwarding.", 1.5 s of 16 kHz. */
    public static float[] wideband() {
        return samples("en_wideband.flac");
    }

    /** "Hello world.", 1.4 s that came through 8 kHz. */
    public static float[] telephone() {
        return samples("en_telephone.flac");
    }

    public static float[] samples(String name) {
        return ((Decoded.Ok) AudioDecoder.decode(bytes(name), DecodeOptions.lenient())).samples();
    }

    /** The parts one after another. */
    public static float[] join(float[]... parts) {
        int length = 0;
        for (float[] part : parts) {
            length += part.length;
        }
        float[] all = new float[length];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    public static float[] times(float[] samples, double factor) {
        float[] product = new float[samples.length];
        for (int i = 0; i < product.length; i++) {
            product[i] = (float) (factor * samples[i]);
        }
        return product;
    }

    /** Gaussian noise, such as a microphone's. */
    public static float[] noise(double seconds, double level, long seed) {
        Random random = new Random(seed);
        float[] noise = new float[(int) (seconds * AudioDecoder.SAMPLE_RATE)];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) (level * random.nextGaussian());
        }
        return noise;
    }
}
