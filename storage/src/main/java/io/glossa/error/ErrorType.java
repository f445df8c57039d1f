package io.glossa.error;

/** Who can mend an error: decides what a job does with it and how it exits. */
public enum ErrorType {
    /** The person running it: an option, a path, a config key. */
    USER,
    /** The data read: a damaged file, a row that breaks its contract. */
    DATA,
    /** The machine or cluster: memory, disk, a missing library or compiler. */
    RESOURCE,
    /** Glossa itself: a broken invariant. */
    INTERNAL
}
