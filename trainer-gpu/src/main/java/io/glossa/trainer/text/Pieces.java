package io.glossa.trainer.text;

import io.glossa.trainer.text.PieceModel.Kind;
import io.glossa.trainer.text.PieceModel.Piece;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The pieces of a model and where in a text they stand. */
final class Pieces {
    private static final Pattern BYTE = Pattern.compile("<0x([0-9A-F]{2})>");
    private static final int BYTES = 256;
    private static final Set<Kind> IN_TEXTS = Set.of(Kind.NORMAL, Kind.USER_DEFINED, Kind.UNUSED);

    private final List<Piece> all;

    /** Those that texts are cut into. */
    private final ByteTrie trie = new ByteTrie();

    private final ByteTrie userDefined = new ByteTrie();

    /** Those that stand for something else than their text. */
    private final ByteTrie reserved = new ByteTrie();

    private final int[] bytes = new int[BYTES];
    private final int unknown;

    /** @throws IllegalArgumentException if they contradict themselves */
    Pieces(PieceModel model) {
        all = model.pieces();
        Arrays.fill(bytes, ByteTrie.NONE);
        List<Integer> unknowns = new ArrayList<>();
        for (int id = 0; id < all.size(); id++) {
            Piece piece = all.get(id);
            if (piece.text().isEmpty()) {
                throw new IllegalArgumentException("piece " + id + " is empty");
            }
            byte[] text = Utf8.bytes(piece.text());
            ByteTrie among = IN_TEXTS.contains(piece.kind()) ? trie : reserved;
            if (among.value(text, 0, text.length) != ByteTrie.NONE) {
                throw new IllegalArgumentException("piece '" + piece.text() + "' is there twice");
            }
            among.put(text, id);
            if (piece.kind() == Kind.USER_DEFINED) {
                userDefined.put(text, id);
            } else if (piece.kind() == Kind.BYTE) {
                bytes[byteOf(piece)] = id;
            } else if (piece.kind() == Kind.UNKNOWN) {
                unknowns.add(id);
            }
        }
        if (unknowns.size() != 1) {
            throw new IllegalArgumentException("it has " + unknowns.size() + " pieces for the unknown");
        }
        unknown = unknowns.get(0);
        if (model.byteFallback() && Arrays.stream(bytes).anyMatch(id -> id == ByteTrie.NONE)) {
            throw new IllegalArgumentException("it has no piece for some bytes");
        }
    }

    int size() {
        return all.size();
    }

    Piece get(int id) {
        return all.get(id);
    }

    boolean is(int id, Kind kind) {
        return all.get(id).kind() == kind;
    }

    ByteTrie trie() {
        return trie;
    }

    /** Those that are never cut, nor made of others. */
    ByteTrie userDefined() {
        return userDefined;
    }

    int unknown() {
        return unknown;
    }

    /** The piece of a byte. */
    int ofByte(byte value) {
        return bytes[value & 0xFF];
    }

    /** The piece that a range is; the unknown if it is none. */
    int id(byte[] text, int from, int to) {
        int id = reserved.value(text, from, to);
        int found = id == ByteTrie.NONE ? trie.value(text, from, to) : id;
        return found == ByteTrie.NONE ? unknown : found;
    }

    /** Of what a text is made of at a place: a user-defined piece, or a character. */
    int length(byte[] text, int at) {
        int defined = userDefined.longest(text, at);
        return defined > 0 ? defined : Utf8.length(text, at);
    }

    /** The byte that a piece stands for. */
    static int byteOf(Piece piece) {
        Matcher matcher = BYTE.matcher(piece.text());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("piece '" + piece.text() + "' is no byte");
        }
        return Integer.parseInt(matcher.group(1), 16);
    }
}
