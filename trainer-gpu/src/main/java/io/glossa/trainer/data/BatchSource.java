package io.glossa.trainer.data;

import java.util.List;

/**
 * The utterances of one snapshot that a training uses, block by block: how the lake enters training. A block is a range of
 * the hash of their ids, a cell what a block has of one bucket.
 */
public interface BatchSource {
    /** The id of the snapshot that was read: where the utterances came from. Nothing that is computed depends on it. */
    long snapshot();

    /** How many utterances are in which cell. */
    Census census();

    /**
     * Reads cells of one bucket, given by ascending blocks: each one's utterances in the order of hash, id and copy. From any
     * thread.
     */
    List<List<Example>> cells(int bucket, int[] blocks);
}
