package io.glossa.trainer.text;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Which strings of bytes a normaliser replaces by which: SentencePiece's {@code precompiled_charsmap}, the length of a Darts-clone
 * double array, the array, and the replacements, each with a zero behind it.
 */
final class CharsMap {
    /** Replaces nothing. */
    static final CharsMap NONE = new CharsMap(new int[0], new byte[0]);

    private final int[] units;
    private final byte[] replacements;

    private CharsMap(int[] units, byte[] replacements) {
        this.units = units;
        this.replacements = replacements;
    }

    /** @throws IllegalArgumentException if it is none */
    static CharsMap of(byte[] blob) {
        if (blob.length == 0) {
            return NONE;
        }
        ByteBuffer in = ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN);
        int bytes = blob.length < Integer.BYTES ? -1 : in.getInt();
        if (bytes < 0 || bytes > in.remaining() || bytes % Integer.BYTES != 0) {
            throw new IllegalArgumentException("the map of characters is cut off");
        }
        int[] units = new int[bytes / Integer.BYTES];
        in.asIntBuffer().get(units);
        CharsMap map = new CharsMap(units, Arrays.copyOfRange(blob, Integer.BYTES + bytes, blob.length));
        map.requireReplacements();
        return map;
    }

    /** What ends at a unit has a value, which says where a replacement begins. */
    private void requireReplacements() {
        for (int node = 0; node < units.length; node++) {
            if (units[node] >= 0 && hasValue(units[node])) {
                int leaf = node ^ offset(units[node]);
                if (leaf >= units.length || (units[leaf] & Integer.MAX_VALUE) >= replacements.length) {
                    throw new IllegalArgumentException("the map of characters is damaged at unit " + node);
                }
            }
        }
    }

    /**
     * The longest string that stands at a place and is replaced.
     *
     * @param length is given its length, or 0 if none is
     * @return what replaces it
     */
    byte[] replacement(byte[] text, int from, int[] length) {
        length[0] = 0;
        int value = 0;
        int node = units.length == 0 ? 0 : offset(units[0]);
        for (int i = from; i < text.length; i++) {
            node ^= text[i] & 0xFF;
            if (node >= units.length || (units[node] & 0x800000FF) != (text[i] & 0xFF)) {
                break;
            }
            int unit = units[node];
            node ^= offset(unit);
            if (hasValue(unit)) {
                value = units[node] & Integer.MAX_VALUE;
                length[0] = i + 1 - from;
            }
        }
        return length[0] == 0 ? new byte[0] : replacement(value);
    }

    private byte[] replacement(int from) {
        int to = from;
        while (to < replacements.length && replacements[to] != 0) {
            to++;
        }
        return Arrays.copyOfRange(replacements, from, to);
    }

    private static boolean hasValue(int unit) {
        return (unit >>> 8 & 1) == 1;
    }

    private static int offset(int unit) {
        return unit >>> 10 << ((unit & 1 << 9) >>> 6);
    }
}
