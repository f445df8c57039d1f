package io.glossa.featurize.decode;

import io.glossa.featurize.RejectCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The page structure of an Ogg file, checked because FFmpeg skips damaged pages without a word (RFC 3533, section 6).
 */
final class OggPages {
    private static final int HEADER = 27;
    private static final int FLAGS = 5;
    private static final int CHECKSUM = 22;
    private static final int SEGMENTS = 26;
    private static final int FIRST_PAGE = 2;
    private static final int LAST_PAGE = 4;
    private static final int POLYNOMIAL = 0x04c11db7;
    private static final int[] TABLE = new int[256];

    static {
        for (int i = 0; i < TABLE.length; i++) {
            int remainder = i << 24;
            for (int bit = 0; bit < 8; bit++) {
                remainder = remainder << 1 ^ (remainder < 0 ? POLYNOMIAL : 0);
            }
            TABLE[i] = remainder;
        }
    }

    private OggPages() {}

    /** Of an Ogg file, notes a page whose checksum fails, bytes between pages, a page cut short, or a stream without its last page. */
    static void check(byte[] bytes, Damage damage) {
        if (!startsPage(bytes, 0)) {
            return;
        }
        int at = 0;
        int flags = 0;
        while (at < bytes.length) {
            if (!startsPage(bytes, at)) {
                damage.note(RejectCode.CORRUPT, "no Ogg page at byte " + at);
                return;
            }
            int size = pageSize(bytes, at);
            if (size > bytes.length - at) {
                damage.note(RejectCode.TRUNCATED, "the Ogg page at byte " + at + " is cut short");
                return;
            }
            if (checksum(bytes, at, size) != storedChecksum(bytes, at)) {
                damage.note(RejectCode.CORRUPT, "the checksum of the Ogg page at byte " + at + " does not match");
                return;
            }
            flags = bytes[at + FLAGS];
            at += size;
        }
        if ((flags & LAST_PAGE) == 0) {
            damage.note(RejectCode.TRUNCATED, "the Ogg stream has no last page");
        }
    }

    /**
     * The links of a chained Ogg file (RFC 3533, section 4), each a file by itself: a stream that begins when others have
     * begun to carry data may differ from them in all. Any other file as it is.
     */
    static List<byte[]> links(byte[] bytes) {
        List<byte[]> links = new ArrayList<>();
        int from = 0;
        boolean data = false;
        int at = 0;
        while (startsPage(bytes, at) && pageSize(bytes, at) <= bytes.length - at) {
            boolean first = (bytes[at + FLAGS] & FIRST_PAGE) != 0;
            if (first && data) {
                links.add(Arrays.copyOfRange(bytes, from, at));
                from = at;
            }
            data = !first;
            at += pageSize(bytes, at);
        }
        links.add(from == 0 ? bytes : Arrays.copyOfRange(bytes, from, bytes.length));
        return links;
    }

    private static boolean startsPage(byte[] bytes, int at) {
        return bytes.length - at >= 4
                && bytes[at] == 'O'
                && bytes[at + 1] == 'g'
                && bytes[at + 2] == 'g'
                && bytes[at + 3] == 'S';
    }

    private static int pageSize(byte[] bytes, int at) {
        if (bytes.length - at < HEADER) {
            return Integer.MAX_VALUE;
        }
        int segments = bytes[at + SEGMENTS] & 0xff;
        if (bytes.length - at < HEADER + segments) {
            return Integer.MAX_VALUE;
        }
        int size = HEADER + segments;
        for (int i = 0; i < segments; i++) {
            size += bytes[at + HEADER + i] & 0xff;
        }
        return size;
    }

    private static int checksum(byte[] bytes, int at, int size) {
        int sum = 0;
        for (int i = 0; i < size; i++) {
            int value = i >= CHECKSUM && i < CHECKSUM + 4 ? 0 : bytes[at + i];
            sum = sum << 8 ^ TABLE[(sum >>> 24 ^ value) & 0xff];
        }
        return sum;
    }

    private static int storedChecksum(byte[] bytes, int at) {
        int sum = 0;
        for (int i = 3; i >= 0; i--) {
            sum = sum << 8 | bytes[at + CHECKSUM + i] & 0xff;
        }
        return sum;
    }
}
