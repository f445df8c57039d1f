package io.glossa.trainer.text;

import java.util.Arrays;

/** Numbers by strings of bytes, found byte by byte from the {@link #ROOT} on. */
final class ByteTrie {
    static final int ROOT = 0;
    static final int NONE = -1;

    private static final int BYTE_BITS = 8;
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    /** The edges, as a hash table with open addressing: node and byte, and where they lead. */
    private long[] edges = empty(1 << 10);

    private int[] targets = new int[edges.length];
    private int[] values = {NONE};
    private int nodes = 1;

    /** Gives a string, which has at least a byte, a number from 0. */
    void put(byte[] key, int value) {
        int node = ROOT;
        for (byte next : key) {
            int child = child(node, next);
            node = child == NONE ? add(node, next) : child;
        }
        values[node] = value;
    }

    /** Where a byte leads from a node; {@link #NONE} if no string goes on so. */
    int child(int node, byte next) {
        int slot = slot(edges, edge(node, next));
        return edges[slot] == NONE ? NONE : targets[slot];
    }

    /** The number of the string that ends at a node; {@link #NONE} if none does. */
    int value(int node) {
        return values[node];
    }

    /** The number of a range of bytes; {@link #NONE} if it has none. */
    int value(byte[] text, int from, int to) {
        int node = ROOT;
        for (int i = from; i < to && node != NONE; i++) {
            node = child(node, text[i]);
        }
        return node == NONE ? NONE : values[node];
    }

    /** Of the longest string that stands in the text at this place; 0 if none does. */
    int longest(byte[] text, int from) {
        int length = 0;
        int node = ROOT;
        for (int i = from; i < text.length && node != NONE; i++) {
            node = child(node, text[i]);
            if (node != NONE && values[node] != NONE) {
                length = i + 1 - from;
            }
        }
        return length;
    }

    private int add(int node, byte next) {
        if (2 * nodes > edges.length) {
            grow();
        }
        int slot = slot(edges, edge(node, next));
        edges[slot] = edge(node, next);
        targets[slot] = nodes;
        if (nodes == values.length) {
            values = Arrays.copyOf(values, 2 * nodes);
            Arrays.fill(values, nodes, values.length, NONE);
        }
        return nodes++;
    }

    private void grow() {
        long[] more = empty(2 * edges.length);
        int[] moreTargets = new int[more.length];
        for (int i = 0; i < edges.length; i++) {
            if (edges[i] != NONE) {
                int slot = slot(more, edges[i]);
                more[slot] = edges[i];
                moreTargets[slot] = targets[i];
            }
        }
        edges = more;
        targets = moreTargets;
    }

    private static int slot(long[] edges, long edge) {
        int slot = (int) (edge * MULTIPLIER >>> 32) & edges.length - 1;
        while (edges[slot] != edge && edges[slot] != NONE) {
            slot = slot + 1 & edges.length - 1;
        }
        return slot;
    }

    private static long edge(int node, byte next) {
        return (long) node << BYTE_BITS | next & 0xFF;
    }

    private static long[] empty(int size) {
        long[] edges = new long[size];
        Arrays.fill(edges, NONE);
        return edges;
    }
}
