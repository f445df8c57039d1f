package io.glossa.trainer.data;

import io.glossa.storage.Half;
import io.glossa.trainer.objective.Objective;
import io.glossa.trainer.train.MemorySource;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Utterances made of random tones: each symbol is a band of bins that is loud for some frames. */
public final class Synthetic {
    public static final int MELS = 8;

    private final long snapshot;
    private final Utterance[] utterances;
    private final float[][] features;

    /** So many utterances of 12 to {@code longest} frames, of {@code symbols} symbols. */
    public Synthetic(long snapshot, int size, int longest, int symbols, int seed) {
        this.snapshot = snapshot;
        Random random = new Random(seed);
        utterances = new Utterance[size];
        features = new float[size][];
        for (int i = 0; i < size; i++) {
            int frames = 12 + random.nextInt(longest - 11);
            int[] labels = new int[Math.max(1, frames / 16)];
            features[i] = new float[frames * MELS];
            for (int u = 0; u < labels.length; u++) {
                labels[u] = 1 + random.nextInt(symbols);
            }
            for (int k = 0; k < features[i].length; k++) {
                int t = k / MELS;
                boolean speaks = t % 16 < 10 && t / 16 < labels.length;
                boolean loud = speaks && k % MELS == labels[t / 16] % MELS;
                features[i][k] = (float) ((loud ? 3 : -1) + 0.3 * random.nextGaussian());
            }
            utterances[i] = new Utterance("u" + i, frames, labels);
        }
    }

    /** Those that can be used. */
    public BatchSource source(Buckets buckets, Objective objective) {
        List<Example> examples = IntStream.range(0, size())
                .mapToObj(i -> new Example(utterances[i], Half.encode(features[i])))
                .toList();
        return MemorySource.of(snapshot, examples, buckets, objective);
    }

    public int size() {
        return utterances.length;
    }

    public Utterance utterance(int index) {
        return utterances[index];
    }

    public float[] features(int index) {
        return features[index];
    }
}
