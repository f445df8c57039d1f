package io.glossa.trainer.data;

import java.util.Random;

/** Utterances made of random tones: each symbol is a band of bins that is loud for some frames. */
public final class Synthetic implements BatchSource {
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

    @Override
    public long snapshot() {
        return snapshot;
    }

    @Override
    public int size() {
        return utterances.length;
    }

    @Override
    public Utterance utterance(int index) {
        return utterances[index];
    }

    @Override
    public float[] features(int index) {
        return features[index];
    }
}
