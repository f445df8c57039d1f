package io.glossa.jobs.train;

import java.util.OptionalLong;

/** Which texts to train on: snapshots of {@code transcripts} and of {@code sentences}; empty: the current ones. */
public record TextSnapshots(OptionalLong transcripts, OptionalLong sentences) {
    /** The current ones. */
    public static final TextSnapshots CURRENT = new TextSnapshots(OptionalLong.empty(), OptionalLong.empty());
}
