package io.glossa.jobs.evaluate;

/** A closed interval of a rate. */
public record Interval(double low, double high) {
    public boolean contains(double value) {
        return low <= value && value <= high;
    }
}
