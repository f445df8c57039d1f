package io.glossa.trainer.text;

import io.glossa.trainer.text.PieceModel.Kind;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Characters, of which those neighbours become one that are the piece of the highest score, the leftmost first, until no
 * neighbours are a piece (Sennrich et al. 2016). Pieces that are not to be used are then taken apart again.
 */
final class BpeSegmentation implements Segmentation {
    private static final int NONE = -1;

    private record Pair(int left, int right, int size, float score) {}

    private static final Comparator<Pair> BEST_FIRST =
            Comparator.comparingDouble((Pair pair) -> -pair.score()).thenComparingInt(Pair::left);

    private final Pieces pieces;

    BpeSegmentation(Pieces pieces) {
        this.pieces = pieces;
    }

    @Override
    public void cut(byte[] text, Sink sink) {
        new Merging(text).run(sink);
    }

    /** One text; a symbol that became part of the one before it has no bytes left. */
    private final class Merging {
        private final byte[] text;
        private final int[] start;
        private final int[] size;
        private final int[] before;
        private final int[] after;
        private final boolean[] frozen;
        private final int count;
        private final PriorityQueue<Pair> agenda = new PriorityQueue<>(BEST_FIRST);

        /** Of pieces that are not to be used: the bytes of the first of the two that they were made of. */
        private final Map<Integer, Integer> apart = new HashMap<>();

        Merging(byte[] text) {
            this.text = text;
            int[] starts = new int[text.length];
            int[] sizes = new int[text.length];
            int symbols = 0;
            for (int at = 0; at < text.length; at += sizes[symbols++]) {
                starts[symbols] = at;
                sizes[symbols] = pieces.length(text, at);
            }
            count = symbols;
            start = Arrays.copyOf(starts, count);
            size = Arrays.copyOf(sizes, count);
            before = new int[count];
            after = new int[count];
            frozen = new boolean[count];
            for (int i = 0; i < count; i++) {
                before[i] = i - 1;
                after[i] = i + 1 == count ? NONE : i + 1;
                frozen[i] = pieces.userDefined().longest(text, start[i]) > 0;
            }
        }

        void run(Sink sink) {
            for (int i = 1; i < count; i++) {
                propose(i - 1, i);
            }
            for (Pair pair = agenda.poll(); pair != null; pair = agenda.poll()) {
                if (size[pair.left()] > 0
                        && size[pair.right()] > 0
                        && size[pair.left()] + size[pair.right()] == pair.size()) {
                    merge(pair.left(), pair.right());
                }
            }
            for (int i = count == 0 ? NONE : 0; i != NONE; i = after[i]) {
                emit(start[i], start[i] + size[i], sink);
            }
        }

        private void propose(int left, int right) {
            if (left == NONE || right == NONE || frozen[left] || frozen[right]) {
                return;
            }
            int bytes = size[left] + size[right];
            int id = pieces.trie().value(text, start[left], start[left] + bytes);
            if (id != ByteTrie.NONE) {
                agenda.add(new Pair(left, right, bytes, pieces.get(id).score()));
                if (pieces.is(id, Kind.UNUSED)) {
                    apart.put(id, size[left]);
                }
            }
        }

        private void merge(int left, int right) {
            size[left] += size[right];
            size[right] = 0;
            after[left] = after[right];
            if (after[right] != NONE) {
                before[after[right]] = left;
            }
            propose(before[left], left);
            propose(left, after[left]);
        }

        private void emit(int from, int to, Sink sink) {
            int id = pieces.id(text, from, to);
            if (pieces.is(id, Kind.UNUSED) && apart.containsKey(id)) {
                int middle = from + apart.get(id);
                emit(from, middle, sink);
                emit(middle, to, sink);
            } else {
                sink.accept(from, to, id);
            }
        }
    }
}
