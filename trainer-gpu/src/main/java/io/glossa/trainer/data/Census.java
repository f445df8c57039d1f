package io.glossa.trainer.data;

import io.glossa.error.GlossaException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many utterances each cell holds: all that a plan needs to know of them. Immutable.
 *
 * <p>About 5 bytes per cell, of which there are 2^20 per bucket at most, however many utterances there are.
 */
public final class Census {
    private static final int MOST_BLOCKS = 1 << 20;

    /** Cells are read whole, and one of each bucket may be in memory: together as much as a block. */
    private static final int BLOCK_UTTERANCES = 512;

    private static final int FEW_BLOCKS = 64;
    private static final int FEW_UTTERANCES = 8;

    private final int[][] counts;
    private final long[] frames;
    private final long[] utterances;
    private final Map<String, Long> rejected;

    /**
     * A census.
     *
     * @param counts utterances, by bucket and block
     * @param frames of all utterances of each bucket together
     * @param rejected how many utterances cannot be used, by reason
     */
    public Census(int[][] counts, long[] frames, Map<String, Long> rejected) {
        this.counts = counts;
        this.frames = frames;
        this.rejected = new TreeMap<>(rejected);
        utterances = Arrays.stream(counts)
                .mapToLong(cells -> Arrays.stream(cells).asLongStream().sum())
                .toArray();
    }

    /**
     * How many blocks so many utterances are divided into, a power of two: {@value #BLOCK_UTTERANCES} utterances or more each,
     * but where that are few blocks, smaller ones, so that their order is one among many.
     */
    public static int blocks(long utterances) {
        long wanted = Math.max(utterances / BLOCK_UTTERANCES, Math.min(FEW_BLOCKS, utterances / FEW_UTTERANCES));
        return Integer.highestOneBit((int) Math.max(1, Math.min(MOST_BLOCKS, wanted)));
    }

    public int blocks() {
        return counts[0].length;
    }

    public int buckets() {
        return counts.length;
    }

    /** Utterances of a cell. */
    public int count(int bucket, int block) {
        return counts[bucket][block];
    }

    /** Utterances of a bucket. */
    public long utterances(int bucket) {
        return utterances[bucket];
    }

    /** Utterances of all buckets. */
    public long utterances() {
        return Arrays.stream(utterances).sum();
    }

    /** Frames of all utterances of a bucket, without padding. */
    public long frames(int bucket) {
        return frames[bucket];
    }

    /** How many utterances cannot be used, by reason. */
    public Map<String, Long> rejected() {
        return rejected;
    }

    /** The same in fewer blocks, a power of two. */
    public Census inBlocks(int fewer) {
        int each = blocks() / fewer;
        int[][] joined = new int[buckets()][fewer];
        for (int bucket = 0; bucket < joined.length; bucket++) {
            for (int block = 0; block < blocks(); block++) {
                joined[bucket][block / each] += counts[bucket][block];
            }
        }
        return new Census(joined, frames, rejected);
    }

    /** Writes it, a byte for a cell of few utterances. */
    public void write(DataOutputStream out) throws IOException {
        out.writeInt(buckets());
        out.writeInt(blocks());
        for (int bucket = 0; bucket < buckets(); bucket++) {
            out.writeLong(frames[bucket]);
            for (int count : counts[bucket]) {
                int rest = count;
                for (; rest > 0x7f; rest >>>= 7) {
                    out.writeByte(rest & 0x7f | 0x80);
                }
                out.writeByte(rest);
            }
        }
        out.writeInt(rejected.size());
        for (Map.Entry<String, Long> reason : rejected.entrySet()) {
            out.writeUTF(reason.getKey());
            out.writeLong(reason.getValue());
        }
    }

    /** What {@link #write} wrote. */
    public static Census read(DataInputStream in) throws IOException {
        int[][] counts = new int[in.readInt()][];
        int blocks = in.readInt();
        long[] frames = new long[counts.length];
        for (int bucket = 0; bucket < counts.length; bucket++) {
            frames[bucket] = in.readLong();
            counts[bucket] = new int[blocks];
            for (int block = 0; block < blocks; block++) {
                int read;
                int shift = 0;
                do {
                    read = in.readUnsignedByte();
                    counts[bucket][block] |= (read & 0x7f) << shift;
                    shift += 7;
                } while (read > 0x7f);
            }
        }
        Map<String, Long> rejected = new TreeMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            rejected.put(in.readUTF(), in.readLong());
        }
        return new Census(counts, frames, rejected);
    }

    /** @throws GlossaException of type DATA if there is nothing to train on */
    public void requireSome() {
        if (utterances() == 0) {
            long all = rejected.values().stream().mapToLong(Long::longValue).sum();
            throw GlossaException.data("Cannot train: none of " + all + " utterances can be used, " + rejected
                            + ", expected at least one")
                    .forWantOfInput();
        }
    }
}
