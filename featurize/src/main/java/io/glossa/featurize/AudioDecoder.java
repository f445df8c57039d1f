package io.glossa.featurize;

import java.util.Locale;

/** Decodes a file's bytes, whatever they are, to 16 kHz mono. */
public final class AudioDecoder {
    /** Samples per second of everything decoded. */
    public static final int SAMPLE_RATE = MonoConverter.RATE;

    /** Of a damaged file at least this much must decode for it to be kept, s. */
    public static final double LEAST_SECONDS = 0.3;

    /** Samples that a byte may promise: room is not made for what a header claims beyond that. */
    private static final int MOST_SAMPLES_PER_BYTE = 16;

    private AudioDecoder() {}

    /**
     * The samples of a file, or why there are none. Never throws on account of the bytes. Memory is bounded by the size of
     * the file and {@link DecodeOptions#maxSeconds()}; other files that the bytes may refer to are never opened.
     *
     * @param bytes a whole file
     */
    public static Decoded decode(byte[] bytes, DecodeOptions options) {
        if (bytes.length == 0) {
            return new Decoded.Reject(RejectCode.EMPTY_FILE, "0 bytes");
        }
        try {
            Decoded intact = Container.isFlac(bytes) ? decodeIntactFlac(bytes, options) : null;
            return intact != null ? intact : decodeByPackets(bytes, options);
        } catch (Refusal refusal) {
            return new Decoded.Reject(refusal.code(), refusal.getMessage());
        }
    }

    /** Null if anything is wrong with the file: then its frames must be told apart before they are decoded. */
    private static Decoded decodeIntactFlac(byte[] bytes, DecodeOptions options) throws Refusal {
        FfmpegLog.clear();
        Damage damage = new Damage();
        try (MemoryInput input = new MemoryInput(bytes);
                Container container = Container.open(input, null);
                StreamDecoder decoder = new StreamDecoder(container, damage)) {
            SampleBuffer samples = buffer(bytes, options, container);
            try (MonoConverter converter = new MonoConverter(samples)) {
                decoder.decodeFlac(converter, samples);
            }
            return damage.found() ? null : judge(samples, decoder.info(), damage, options);
        }
    }

    private static Decoded decodeByPackets(byte[] bytes, DecodeOptions options) throws Refusal {
        FfmpegLog.clear();
        Damage damage = new Damage();
        OggPages.check(bytes, damage);
        RiffChunks.check(bytes, damage);
        try (MemoryInput input = new MemoryInput(bytes);
                Container container = Container.open(input, options.raw());
                StreamDecoder decoder = new StreamDecoder(container, damage)) {
            SampleBuffer samples = buffer(bytes, options, container);
            try (MonoConverter converter = new MonoConverter(samples)) {
                decoder.decode(converter, samples);
            }
            return judge(samples, decoder.info(), damage, options);
        }
    }

    private static SampleBuffer buffer(byte[] bytes, DecodeOptions options, Container container) {
        double declared = container.declaredSeconds();
        double seconds = declared >= 0 ? declared : 1;
        double expected = Math.min(seconds * SAMPLE_RATE, bytes.length * (double) MOST_SAMPLES_PER_BYTE);
        return new SampleBuffer((int) (options.maxSeconds() * SAMPLE_RATE), (int) expected);
    }

    private static Decoded judge(SampleBuffer samples, AudioInfo info, Damage damage, DecodeOptions options) {
        if (samples.full()) {
            return new Decoded.Reject(RejectCode.TOO_LONG, "more than " + options.maxSeconds() + " s");
        }
        if (!damage.found()) {
            return samples.size() == 0
                    ? new Decoded.Reject(RejectCode.NO_SAMPLES, "an intact " + info.container() + " file of 0 samples")
                    : new Decoded.Ok(samples.toArray(), info, false, null);
        }
        if (options.strict() || samples.size() == 0) {
            return new Decoded.Reject(damage.code(), damage.detail());
        }
        double seconds = (double) samples.size() / SAMPLE_RATE;
        if (seconds < LEAST_SECONDS) {
            return new Decoded.Reject(
                    RejectCode.TOO_SHORT,
                    String.format(Locale.ROOT, "only %.3f s decode; %s", seconds, damage.detail()));
        }
        return new Decoded.Ok(samples.toArray(), info, true, damage.detail());
    }
}
