package io.glossa.trainer.autograd;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;

/** The cheapest set of arcs that parts a network's source from its sink: Dinic's maximum flow. */
final class MinCut {
    static final long FREE_OF_LIMIT = Long.MAX_VALUE / 4;

    private final int[] firstArc;
    private int[] nextArc = new int[64];
    private int[] head = new int[64];
    private long[] room = new long[64];
    private int arcs;
    private int[] level;
    private int[] at;

    MinCut(int places) {
        firstArc = new int[places];
        Arrays.fill(firstArc, -1);
    }

    void arc(int from, int to, long capacity) {
        add(from, to, capacity);
        add(to, from, 0);
    }

    private void add(int from, int to, long capacity) {
        if (arcs == head.length) {
            nextArc = Arrays.copyOf(nextArc, 2 * arcs);
            head = Arrays.copyOf(head, 2 * arcs);
            room = Arrays.copyOf(room, 2 * arcs);
        }
        head[arcs] = to;
        room[arcs] = capacity;
        nextArc[arcs] = firstArc[from];
        firstArc[from] = arcs++;
    }

    /** The places on the source's side of a cheapest cut, the nearest to the source. */
    BitSet sourceSide(int source, int sink) {
        while (levels(source, sink)) {
            at = firstArc.clone();
            while (path(source, sink) > 0) {
                // The flow grows until no path is left at these levels.
            }
        }
        BitSet side = new BitSet();
        for (int place = 0; place < level.length; place++) {
            side.set(place, level[place] >= 0);
        }
        return side;
    }

    private boolean levels(int source, int sink) {
        level = new int[firstArc.length];
        Arrays.fill(level, -1);
        level[source] = 0;
        ArrayDeque<Integer> queue = new ArrayDeque<>();
        queue.add(source);
        while (!queue.isEmpty()) {
            int place = queue.remove();
            for (int arc = firstArc[place]; arc >= 0; arc = nextArc[arc]) {
                if (room[arc] > 0 && level[head[arc]] < 0) {
                    level[head[arc]] = level[place] + 1;
                    queue.add(head[arc]);
                }
            }
        }
        return level[sink] >= 0;
    }

    /** Sends what one path takes, without recursion: paths are as long as the model is deep. */
    private long path(int source, int sink) {
        int[] taken = new int[level[sink]];
        int place = source;
        int depth = 0;
        while (place != sink) {
            int arc = at[place];
            while (arc >= 0 && !(room[arc] > 0 && level[head[arc]] == level[place] + 1 && depth < taken.length)) {
                arc = nextArc[arc];
            }
            at[place] = arc;
            if (arc >= 0) {
                taken[depth++] = arc;
                place = head[arc];
            } else if (depth == 0) {
                return 0;
            } else {
                depth--;
                place = head[taken[depth] ^ 1];
                at[place] = nextArc[taken[depth]];
            }
        }
        long flow = Long.MAX_VALUE;
        for (int arc : taken) {
            flow = Math.min(flow, room[arc]);
        }
        for (int arc : taken) {
            room[arc] -= flow;
            room[arc ^ 1] += flow;
        }
        return flow;
    }
}
