package io.glossa.trainer.objective;

import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.nn.Lengths;

/**
 * Hides bands and stretches of a spectrogram (Park et al. 2019): two bands of up to 27 bins become 0, the mean; one
 * stretch per 2 s of audio, each up to 5 % of the utterance, becomes noise of deviation 0.1, as zeros would have no
 * variance to normalise.
 */
final class SpecAugment {
    private static final int BANDS = 2;
    private static final int BAND_WIDTH = 27;
    private static final int FRAMES_PER_STRETCH = 200;
    private static final double STRETCH_SHARE = 0.05;
    private static final double NOISE = 0.1;

    private final Tensor seed;
    private final Tensor streams;

    /** @param streams I32 [B]: where each utterance's random numbers come from */
    SpecAugment(Tensor seed, Tensor streams) {
        this.seed = seed;
        this.streams = streams;
    }

    /** @param features normalised log-mels [B, T, mels] */
    Tensor apply(Tensor features, Lengths lengths) {
        int[] dims = features.shape().dims();
        Tensor noise = Gaussian.noise(seed, streams, Purpose.TIME_NOISE, dims).mul(NOISE);
        Tensor banded = bands(features).where(features.constant(0), features);
        return stretches(lengths).reshape(dims[0], dims[1], 1).where(noise, banded);
    }

    /** BOOL [B, 1, mels]. */
    private Tensor bands(Tensor features) {
        int rows = features.dim(0);
        int mels = features.dim(2);
        Tensor draws = Tensor.uniform(seed, streams, Purpose.FREQUENCY_MASKS, rows, 2 * BANDS);
        Tensor bin = features.iota(1, mels).cast(features.dtype());
        Tensor widest = features.constant(Math.min(BAND_WIDTH, mels));
        Tensor extent = features.full(mels, rows, 1);
        Tensor hidden = null;
        for (int i = 0; i < BANDS; i++) {
            Tensor one = inside(bin, draws, i, widest.expand(extent.shape()), extent);
            hidden = hidden == null ? one : hidden.or(one);
        }
        return hidden.reshape(rows, 1, mels);
    }

    /** BOOL [B, T]. */
    private Tensor stretches(Lengths lengths) {
        int rows = lengths.counts().dim(0);
        int most = Math.max(1, lengths.extent() / FRAMES_PER_STRETCH);
        Tensor draws = Tensor.uniform(seed, streams, Purpose.TIME_MASKS, rows, 2 * most);
        Tensor frame = lengths.counts().iota(1, lengths.extent()).cast(draws.dtype());
        Tensor length = lengths.counts().reshape(rows, 1);
        Tensor one = length.constant(1);
        Tensor widest = length.mul(STRETCH_SHARE).floor().maximum(one);
        Tensor number = length.mul(1.0 / FRAMES_PER_STRETCH).floor().maximum(one);
        Tensor hidden = null;
        for (int i = 0; i < most; i++) {
            Tensor stretch = inside(frame, draws, i, widest, length)
                    .and(number.constant(i).less(number).expand(frame.shape().with(0, rows)));
            hidden = hidden == null ? stretch : hidden.or(stretch);
        }
        return hidden;
    }

    /**
     * Whether each place is inside stretch i, whose width is uniform in 0..widest and whose start is uniform where it
     * fits, by draws 2i and 2i + 1.
     */
    private static Tensor inside(Tensor place, Tensor draws, int i, Tensor widest, Tensor extent) {
        Tensor width = draws.slice(1, 2 * i, 2 * i + 1).mul(widest.add(1)).floor();
        Tensor room = extent.sub(width).add(1);
        Tensor start = draws.slice(1, 2 * i + 1, 2 * i + 2).mul(room).floor();
        return place.less(start).not().and(place.less(start.add(width)));
    }
}
