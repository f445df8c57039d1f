package io.glossa.featurize.decode;

import io.glossa.featurize.RejectCode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The data chunk of a RIFF WAVE file, whose declared length FFmpeg forgets when the file is shorter. */
final class RiffChunks {
    private static final int RIFF = 0x46464952;
    private static final int RF64 = 0x34364652;
    private static final int BW64 = 0x34365742;
    private static final int WAVE = 0x45564157;
    private static final int DATA = 0x61746164;
    private static final int DS64 = 0x34367364;
    private static final long UNKNOWN = 0xffffffffL;
    private static final long LEAST_PLACEHOLDER = 0x7f000000L;

    private RiffChunks() {}

    /** Notes a data chunk that is shorter than declared, unless the writer did not know how long it would be. */
    static void check(byte[] bytes, Damage damage) {
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < 12 || !wave(file.getInt(0), file.getInt(8))) {
            return;
        }
        long large = 0;
        long at = 12;
        while (at + 8 <= bytes.length) {
            int kind = file.getInt((int) at);
            long size = Integer.toUnsignedLong(file.getInt((int) at + 4));
            if (kind == DS64 && at + 24 <= bytes.length) {
                large = file.getLong((int) at + 16);
            }
            if (kind == DATA) {
                long declared = size == UNKNOWN ? large : size;
                long there = bytes.length - at - 8;
                if (declared > there && !isPlaceholder(declared)) {
                    damage.note(RejectCode.TRUNCATED, there + " of " + declared + " bytes of audio are there");
                }
                return;
            }
            at += 8 + size + (size & 1);
        }
    }

    /**
     * Whether a length in bytes is no length: who streams and cannot go back to the header writes about the most there that
     * fits 31 or 32 bits. A file of true lengths like these is longer than any that is read.
     */
    static boolean isPlaceholder(long bytes) {
        return bytes >= LEAST_PLACEHOLDER;
    }

    private static boolean wave(int kind, int form) {
        return form == WAVE && (kind == RIFF || kind == RF64 || kind == BW64);
    }
}
