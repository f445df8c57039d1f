package io.glossa.featurize.ingest;

import io.glossa.config.ConfigDigest;
import io.glossa.error.GlossaException;
import io.glossa.featurize.decode.DecodeOptions;
import io.glossa.featurize.decode.Decoded;
import io.glossa.featurize.decode.RawFormat;
import io.glossa.featurize.helper.Decoding;
import io.glossa.featurize.segment.SegmenterConfig;
import io.glossa.featurize.source.SourceFile;
import java.io.Serializable;

/**
 * How files become recordings and utterances.
 *
 * @param strict reject damaged files of which a part decodes, which otherwise are kept and marked partial
 * @param maxRejectShare of all files, the share that may be rejected before the job fails
 * @param maxFileSeconds a longer file is rejected
 * @param maxSeconds longest segment of a file without transcript
 * @param minSilenceSeconds shortest quiet stretch that counts as silence
 * @param maxSilenceSeconds longest silence within a segment
 * @param decoding where files are decoded
 */
public record IngestConfig(
        boolean strict,
        double maxRejectShare,
        double maxFileSeconds,
        double maxSeconds,
        double minSilenceSeconds,
        double maxSilenceSeconds,
        Decoding decoding)
        implements Serializable {

    public IngestConfig {
        if (!(maxRejectShare >= 0 && maxRejectShare <= 1)) {
            throw GlossaException.user(
                    "Cannot use a max-reject-share of " + maxRejectShare + ": expected 0 to 1, such as 0.05");
        }
        new DecodeOptions(strict, maxFileSeconds, null);
        segmenter(maxSeconds, minSilenceSeconds, maxSilenceSeconds);
    }

    /** Lenient; 5 % rejects; files to 2 hours; segments to 30 s cut at silences of half a second; helpers. */
    public static IngestConfig standard() {
        return new IngestConfig(false, 0.05, 7200, 30, 0.5, 2, Decoding.HELPERS);
    }

    public IngestConfig withMaxRejectShare(double share) {
        return new IngestConfig(
                strict, share, maxFileSeconds, maxSeconds, minSilenceSeconds, maxSilenceSeconds, decoding);
    }

    public IngestConfig decodedIn(Decoding place) {
        return new IngestConfig(
                strict, maxRejectShare, maxFileSeconds, maxSeconds, minSilenceSeconds, maxSilenceSeconds, place);
    }

    /** Names all that decides whether a file is refused. */
    String digest() {
        return ConfigDigest.of(withMaxRejectShare(0));
    }

    SegmenterConfig segmenter() {
        return segmenter(maxSeconds, minSilenceSeconds, maxSilenceSeconds);
    }

    /** What a file decodes to; headerless telephone formats are taken by their files' names. */
    Decoded decode(SourceFile file, byte[] bytes) {
        return decoding.decode(
                bytes,
                new DecodeOptions(
                        strict, maxFileSeconds, RawFormat.ofName(file.named()).orElse(null)));
    }

    private static SegmenterConfig segmenter(double max, double minSilence, double maxSilence) {
        SegmenterConfig standard = SegmenterConfig.standard();
        return new SegmenterConfig(
                max,
                minSilence,
                maxSilence,
                standard.marginSeconds(),
                standard.leastSpeechSeconds(),
                standard.rangeDb(),
                standard.floorDb());
    }
}
