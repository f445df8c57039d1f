package io.glossa.featurize.features;

import io.glossa.featurize.Refusal;
import io.glossa.featurize.RejectCode;
import io.glossa.featurize.decode.AudioDecoder;
import io.glossa.featurize.decode.DecodeOptions;
import io.glossa.featurize.decode.Decoded;
import io.glossa.featurize.decode.DecodingMemory;
import io.glossa.featurize.mel.FrontEndConfig;
import io.glossa.featurize.mel.LogMel;

/**
 * From an utterance's audio to its log-mels in the bits of the table features, whoever asks for them. An instance belongs to one
 * thread at a time.
 */
public final class UtteranceFeatures {
    /**
     * Those of one utterance.
     *
     * @param frames 10 ms apart, at least one
     * @param logmel as {@link FeatureCodec} encodes them, [frames × mels]
     */
    public record Encoded(int frames, byte[] logmel) {}

    private final LogMel mel;

    private UtteranceFeatures(LogMel mel) {
        this.mel = mel;
    }

    public static UtteranceFeatures of(FrontEndConfig frontEnd) {
        return new UtteranceFeatures(LogMel.of(frontEnd));
    }

    /**
     * Waits until there is memory to decode in.
     *
     * @param flac {@code utterances.audio}
     * @throws Refusal if it does not decode, or to less than a frame
     */
    public Encoded encode(byte[] flac) throws Refusal {
        return DecodingMemory.during(flac.length, DecodeOptions.lenient().maxSeconds(), () -> {
            float[] samples = samples(flac);
            int frames = mel.frames(samples.length);
            if (frames == 0) {
                throw new Refusal(RejectCode.TOO_SHORT, samples.length + " samples are less than a frame");
            }
            return new Encoded(frames, FeatureCodec.encode(mel.compute(samples)));
        });
    }

    private static float[] samples(byte[] flac) throws Refusal {
        Decoded decoded = AudioDecoder.decode(flac, DecodeOptions.lenient());
        if (decoded instanceof Decoded.Reject reject) {
            throw new Refusal(reject.code(), reject.detail());
        }
        return ((Decoded.Ok) decoded).samples();
    }
}
