package io.glossa.featurize.decode;

import io.glossa.featurize.Refusal;
import io.glossa.featurize.RejectCode;
import java.util.ArrayList;
import java.util.List;
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
     * The samples of a file, or why there are none; a file whose channels cancel is decoded twice ({@link Mixdown}). Never
     * throws on account of the bytes. Memory is bounded by the size of the file and {@link DecodeOptions#maxSeconds()}; other
     * files that the bytes may refer to are never opened.
     *
     * @param bytes a whole file
     */
    public static Decoded decode(byte[] bytes, DecodeOptions options) {
        if (bytes.length == 0) {
            return new Decoded.Reject(RejectCode.EMPTY_FILE, "0 bytes");
        }
        try {
            byte[] audio = Tags.skip(bytes);
            Take mean = take(audio, options, Mixdown.MEAN);
            int better = mean.mixdown().better();
            return judge(better == Mixdown.MEAN ? mean : take(audio, options, better), options);
        } catch (Refusal refusal) {
            return new Decoded.Reject(refusal.code(), refusal.getMessage());
        }
    }

    /** A file decoded from beginning to end, and what was found on the way. */
    private record Take(SampleBuffer samples, AudioInfo info, Damage damage, FullScale fullScale, Mixdown mixdown) {}

    private static Take take(byte[] bytes, DecodeOptions options, int channel) throws Refusal {
        Take intact = Container.isFlac(bytes) ? takeIntactFlac(bytes, options, channel) : null;
        return intact != null ? intact : takeByPackets(bytes, options, channel);
    }

    /** Null if anything is wrong with the file: then its frames must be told apart before they are decoded. */
    private static Take takeIntactFlac(byte[] bytes, DecodeOptions options, int channel) throws Refusal {
        FfmpegLog.clear();
        Damage damage = new Damage();
        FullScale fullScale = new FullScale();
        Mixdown mixdown = new Mixdown(channel);
        try (MemoryInput input = new MemoryInput(bytes);
                Container container = Container.open(input, null);
                StreamDecoder decoder = new StreamDecoder(container, damage)) {
            SampleBuffer samples = buffer(bytes, options, container);
            try (MonoConverter converter = new MonoConverter(samples, mixdown, fullScale)) {
                decoder.decodeFlac(converter, samples);
            }
            return damage.found() ? null : new Take(samples, decoder.info(), damage, fullScale, mixdown);
        }
    }

    private static Take takeByPackets(byte[] bytes, DecodeOptions options, int channel) throws Refusal {
        FfmpegLog.clear();
        Damage damage = new Damage();
        OggPages.check(bytes, damage);
        RiffChunks.check(bytes, damage);
        FullScale fullScale = new FullScale();
        Mixdown mixdown = new Mixdown(channel);
        SampleBuffer samples = null;
        AudioInfo info = null;
        for (byte[] link : OggPages.links(bytes)) {
            try (MemoryInput input = new MemoryInput(link);
                    Container container = Container.open(input, options.raw());
                    StreamDecoder decoder = new StreamDecoder(container, damage)) {
                samples = samples == null ? buffer(bytes, options, container) : samples;
                try (MonoConverter converter = new MonoConverter(samples, mixdown, fullScale)) {
                    decoder.decode(converter, samples);
                }
                info = info == null ? decoder.info() : info.then(decoder.info());
            } catch (Refusal refusal) {
                if (info == null) {
                    throw refusal;
                }
                damage.note(refusal.code(), refusal.getMessage());
            }
        }
        return new Take(samples, info, damage, fullScale, mixdown);
    }

    private static SampleBuffer buffer(byte[] bytes, DecodeOptions options, Container container) {
        double declared = container.declared().seconds();
        double seconds = declared >= 0 ? declared : 1;
        double expected = Math.min(seconds * SAMPLE_RATE, bytes.length * (double) MOST_SAMPLES_PER_BYTE);
        return new SampleBuffer((int) (options.maxSeconds() * SAMPLE_RATE), (int) expected);
    }

    private static Decoded judge(Take take, DecodeOptions options) throws Refusal {
        SampleBuffer samples = take.samples();
        Damage damage = take.damage();
        if (samples.full()) {
            return new Decoded.Reject(RejectCode.TOO_LONG, "more than " + options.maxSeconds() + " s");
        }
        if (damage.found() && (options.strict() || samples.size() == 0)) {
            return new Decoded.Reject(damage.code(), damage.detail());
        }
        if (samples.size() == 0) {
            return new Decoded.Reject(
                    RejectCode.NO_SAMPLES, "an intact " + take.info().container() + " file of 0 samples");
        }
        double seconds = (double) samples.size() / SAMPLE_RATE;
        if (damage.found() && seconds < LEAST_SECONDS) {
            return new Decoded.Reject(
                    RejectCode.TOO_SHORT,
                    String.format(Locale.ROOT, "only %.3f s decode; %s", seconds, damage.detail()));
        }
        List<String> warnings = new ArrayList<>();
        if (damage.found()) {
            warnings.add(damage.detail());
        }
        warnings.addAll(take.fullScale().settle(samples));
        int channel = take.mixdown().channel();
        if (channel != Mixdown.MEAN) {
            warnings.add("the channels cancel in their mean: took channel " + (channel + 1) + " of "
                    + take.info().channels());
        }
        String warning = warnings.isEmpty() ? null : String.join("; ", warnings);
        return new Decoded.Ok(samples.toArray(), take.info(), damage.found(), warning);
    }
}
