package io.glossa.featurize.decode;

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

    void add(float[] more, int count) {
        System.arraycopy(more, 0, room(count), size, count);
        advance(count);
    }

    int size() {
        return size;
    }

    boolean full() {
        return size > limit;
    }

    /** Multiplies all samples by {@code factor} and clips them at ±{@code most}. */
    void scale(float factor, float most) {
        for (int i = 0; i < size; i++) {
            samples[i] = Math.max(-most, Math.min(most, samples[i] * factor));
        }
    }

    float[] toArray() {
        return samples.length == size ? samples : Arrays.copyOf(samples, size);
    }
}
