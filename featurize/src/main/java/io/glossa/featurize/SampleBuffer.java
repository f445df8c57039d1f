package io.glossa.featurize;

import java.util.Arrays;

/** Samples that grow at the end, up to a limit. */
final class SampleBuffer {
    private final int limit;
    private float[] samples;
    private int size;

    /**
     * @param limit most samples to keep
     * @param expected how many there will probably be
     */
    SampleBuffer(int limit, int expected) {
        this.limit = limit;
        samples = new float[Math.min(limit, expected)];
    }

    /** The array to write {@code count} samples to, at {@link #size()}; then {@link #advance}. */
    float[] room(int count) {
        if (count > samples.length - size) {
            samples = Arrays.copyOf(samples, (int) Math.max((long) size + count, Math.min(2L * samples.length, limit)));
        }
        return samples;
    }

    void advance(int count) {
        size += count;
    }

    int size() {
        return size;
    }

    boolean full() {
        return size > limit;
    }

    /** Makes the last {@code count} samples finite: NaN and infinities become 0. */
    void scrub(int count) {
        for (int i = size - count; i < size; i++) {
            if (!Float.isFinite(samples[i])) {
                samples[i] = 0;
            }
        }
    }

    float[] toArray() {
        return samples.length == size ? samples : Arrays.copyOf(samples, size);
    }
}
