package io.glossa.trainer.objective;

import io.glossa.error.GlossaException;
import java.util.List;

/**
 * The second stage of "Google USM" (arXiv 2303.01037), MOST: three streams, and how text becomes frames. The paper gives the streams, the
 * parts of the model, which loss trains which part, and the steps of its two phases. It gives no weight of a loss, no share of masked text and no size of the text
 * encoder; these were chosen here, after what is published of its kin:
 *
 * <ul>
 *   <li>The weights are those of an open Maestro with BEST-RQ (rwth-i6/i6_experiments): paired speech 1, consistency 1, BEST-RQ 0.5,
 *       and of its three for text, 0.1 to 0.5, the middle one.
 *   <li>15 % of the text's frames are masked, as in Maestro (arXiv 2204.03409) and JOIST (arXiv 2210.07353), in spans of 5 frames as
 *       in JOIST, here 200 ms.
 *   <li>Three convolutions, Maestro's number. Their kernel is the model's, 5 in USM and in Maestro.
 *   <li>The last symbol of an alignment is followed by blanks to the utterance's end. 8 frames of them, 320 ms, are taken for its own:
 *       longer than a letter or a short word, shorter than the silence at an end.
 *   <li>Lengths at random, and 2 frames to a symbol: speech has 10 to 15 characters a second, and frames are 40 ms. Pieces of words,
 *       which are 2 to 4 times as long, want as many times more.
 * </ul>
 *
 * @param phases that follow each other, each {@code STEPS:STREAM=WEIGHT+…} of {@value Most#UNTRANSCRIBED}, {@value Most#PAIRED} and
 *     {@value Most#TEXT}; a stream without a weight has 1, one that is not named is not read
 * @param untranscribedBatchSeconds audio in a part of a batch of speech without text
 * @param textBatchSeconds the same of text, by the frames that it is laid out over
 * @param textTemperature to which languages are evened out in a pass over the texts, from 1, which leaves their shares as they are; 3 in
 *     the paper
 * @param consistencyWeight of consistency beside the transducer's loss
 * @param textMaskShare of the frames of a text, those that are hidden; from 0 to below 1
 * @param textMaskSpan frames in a span of hidden ones
 * @param textConvolutions of the text encoder
 * @param lastFrames that the last symbol of an alignment lasts at most
 * @param durations how long the symbols of a text are
 * @param framesPerSymbol of a text, on average
 */
public record MostConfig(
        List<String> phases,
        double untranscribedBatchSeconds,
        double textBatchSeconds,
        double textTemperature,
        double consistencyWeight,
        double textMaskShare,
        int textMaskSpan,
        int textConvolutions,
        int lastFrames,
        Durations.Kind durations,
        double framesPerSymbol) {
    public static final MostConfig DEFAULTS = new MostConfig(
            List.of("20000:untranscribed=0.5+paired=1", "100000:untranscribed=0.5+paired=1+text=0.3"),
            40,
            40,
            3,
            1,
            0.15,
            5,
            3,
            8,
            Durations.Kind.RANDOM,
            2);

    public MostConfig {
        phases = List.copyOf(phases);
        require(
                untranscribedBatchSeconds > 0 && textBatchSeconds > 0,
                "untranscribed-batch-seconds=" + untranscribedBatchSeconds + " and text-batch-seconds="
                        + textBatchSeconds,
                "more than 0");
        require(
                textTemperature >= 1 && textTemperature < Double.POSITIVE_INFINITY,
                "text-temperature=" + textTemperature,
                "a number from 1");
        require(
                consistencyWeight >= 0 && consistencyWeight < Double.POSITIVE_INFINITY,
                "consistency-weight=" + consistencyWeight,
                "a number from 0");
        require(
                textMaskShare >= 0 && textMaskShare < 1 && textMaskSpan >= 1,
                "text-mask-share=" + textMaskShare + " and text-mask-span=" + textMaskSpan,
                "a share from 0 to below 1, and 1 frame or more");
        require(textConvolutions >= 0, "text-convolutions=" + textConvolutions, "0 or more");
        require(lastFrames >= 1, "last-frames=" + lastFrames, "1 or more");
        require(framesPerSymbol >= 1, "frames-per-symbol=" + framesPerSymbol, "1 or more");
        new Durations(durations, framesPerSymbol);
    }

    /** How long the symbols of a text are. */
    public Durations layout() {
        return new Durations(durations, framesPerSymbol);
    }

    private static void require(boolean holds, String found, String expected) {
        if (!holds) {
            throw GlossaException.user("Cannot train by MOST: found " + found + ", expected " + expected);
        }
    }
}
