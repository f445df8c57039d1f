package io.glossa.featurize.segment;

/** Samples {@code start} (included) to {@code end} (excluded) of a recording. */
public record Segment(int start, int end) {
    public int length() {
        return end - start;
    }
}
