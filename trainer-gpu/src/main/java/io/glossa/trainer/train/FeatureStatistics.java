package io.glossa.trainer.train;

import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.data.Census;
import io.glossa.trainer.data.Example;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.nn.FrontEnd;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Mean and standard deviation of each mel bin over training data: what the front end subtracts and divides by. */
final class FeatureStatistics {
    /** Those of so many utterances are known to a per cent, and reading more would delay the first step. */
    private static final int MOST = 500;

    private static final double SMALLEST_STD = 1e-3;

    private FeatureStatistics() {}

    /**
     * The buffers {@link FrontEnd#MEAN} and {@link FrontEnd#STD}, [mels] each, over the first utterances of each bucket in the
     * order of their hash, of a large table {@value #MOST}: the same on every rank.
     */
    static Map<String, HostTensor> of(BatchSource source, int mels) {
        double[] sum = new double[mels];
        double[] squares = new double[mels];
        long frames = 0;
        for (int bucket = 0; bucket < source.census().buckets(); bucket++) {
            for (Example example : first(source, bucket)) {
                float[] features = example.features();
                for (int k = 0; k < features.length; k++) {
                    sum[k % mels] += features[k];
                    squares[k % mels] += (double) features[k] * features[k];
                }
                frames += features.length / mels;
            }
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

    /** How many utterances of a bucket, the first of its blocks, are looked at: as many as its share of all utterances is. */
    static long wanted(Census census, int bucket) {
        return (long) Math.min(
                census.utterances(bucket), Math.ceil((double) MOST * census.utterances(bucket) / census.utterances()));
    }

    private static List<Example> first(BatchSource source, int bucket) {
        Census census = source.census();
        long wanted = wanted(census, bucket);
        if (wanted == 0) {
            return List.of();
        }
        int blocks = 0;
        for (long found = 0; found < wanted; blocks++) {
            found += census.count(bucket, blocks);
        }
        int[] some = IntStream.range(0, blocks)
                .filter(block -> census.count(bucket, block) > 0)
                .toArray();
        return source.cells(bucket, some).stream()
                .flatMap(List::stream)
                .limit(wanted)
                .toList();
    }
}
