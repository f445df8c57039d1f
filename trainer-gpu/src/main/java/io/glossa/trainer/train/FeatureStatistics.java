package io.glossa.trainer.train;

import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.nn.FrontEnd;
import java.util.Map;

/** Mean and standard deviation of each mel bin over training data: what the front end subtracts and divides by. */
final class FeatureStatistics {
    /** More utterances than this are sampled evenly: the statistics of so many are known to a per mille. */
    private static final int MOST = 5000;

    private static final double SMALLEST_STD = 1e-3;

    private FeatureStatistics() {}

    /** The buffers {@link FrontEnd#MEAN} and {@link FrontEnd#STD}, [mels] each. */
    static Map<String, HostTensor> of(BatchSource source, int[] indices, int mels) {
        double[] sum = new double[mels];
        double[] squares = new double[mels];
        long frames = 0;
        int count = Math.min(MOST, indices.length);
        for (int i = 0; i < count; i++) {
            float[] features = source.features(indices[(int) ((long) i * indices.length / count)]);
            for (int k = 0; k < features.length; k++) {
                sum[k % mels] += features[k];
                squares[k % mels] += (double) features[k] * features[k];
            }
            frames += features.length / mels;
        }
        float[] mean = new float[mels];
        float[] std = new float[mels];
        for (int k = 0; k < mels; k++) {
            double average = sum[k] / Math.max(1, frames);
            double variance = squares[k] / Math.max(1, frames) - average * average;
            mean[k] = (float) average;
            std[k] = (float) Math.max(SMALLEST_STD, Math.sqrt(Math.max(0, variance)));
        }
        return Map.of(FrontEnd.MEAN, HostTensor.of(mean, mels), FrontEnd.STD, HostTensor.of(std, mels));
    }
}
