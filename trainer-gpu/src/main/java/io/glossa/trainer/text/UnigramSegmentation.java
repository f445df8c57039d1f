package io.glossa.trainer.text;

import io.glossa.trainer.text.PieceModel.Kind;
import io.glossa.trainer.text.PieceModel.Piece;
import java.util.Arrays;

/**
 * The pieces whose scores, which are logarithms of probabilities, have the largest sum (Kudo 2018, section 3.2, by Viterbi). With
 * the precision of SentencePiece's {@code EncodeOptimized}, so that it chooses the same of nearly equal ones.
 */
final class UnigramSegmentation implements Segmentation {
    private static final float UNKNOWN_PENALTY = 10;
    private static final double USER_DEFINED_PENALTY = 0.1;
    private static final int NONE = -1;

    private final Pieces pieces;
    private final float unknownScore;
    private final float best;

    UnigramSegmentation(Pieces pieces) {
        this.pieces = pieces;
        float low = Float.MAX_VALUE;
        float high = Float.MIN_NORMAL;
        for (int id = 0; id < pieces.size(); id++) {
            Piece piece = pieces.get(id);
            if (piece.kind() == Kind.NORMAL) {
                low = Math.min(low, piece.score());
                high = Math.max(high, piece.score());
            }
        }
        unknownScore = low - UNKNOWN_PENALTY;
        best = high;
    }

    @Override
    public void cut(byte[] text, Sink sink) {
        float[] score = new float[text.length + 1];
        int[] start = new int[text.length + 1];
        int[] piece = new int[text.length + 1];
        Arrays.fill(start, NONE);
        for (int from = 0; from < text.length; from += Utf8.length(text, from)) {
            int single = from + Utf8.length(text, from);
            boolean hasSingle = false;
            int node = pieces.trie().child(ByteTrie.ROOT, text[from]);
            for (int to = from + 1; node != ByteTrie.NONE; to++) {
                int id = pieces.trie().value(node);
                if (id != ByteTrie.NONE && !pieces.is(id, Kind.UNUSED)) {
                    double candidate = score(id, to - from) + score[from];
                    if (start[to] == NONE || candidate > score[to]) {
                        score[to] = (float) candidate;
                        start[to] = from;
                        piece[to] = id;
                    }
                    hasSingle |= to == single;
                }
                node = to == text.length ? ByteTrie.NONE : pieces.trie().child(node, text[to]);
            }
            float unknown = unknownScore + score[from];
            if (!hasSingle && (start[single] == NONE || unknown > score[single])) {
                score[single] = unknown;
                start[single] = from;
                piece[single] = pieces.unknown();
            }
        }
        emit(start, piece, sink);
    }

    private double score(int id, int length) {
        return pieces.is(id, Kind.USER_DEFINED)
                ? length * best - USER_DEFINED_PENALTY
                : pieces.get(id).score();
    }

    private static void emit(int[] start, int[] piece, Sink sink) {
        int[] ends = new int[start.length];
        int count = 0;
        for (int end = start.length - 1; end > 0; end = start[end]) {
            ends[count++] = end;
        }
        while (count > 0) {
            int end = ends[--count];
            sink.accept(start[end], end, piece[end]);
        }
    }
}
