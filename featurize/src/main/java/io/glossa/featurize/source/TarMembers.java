package io.glossa.featurize.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.fs.FSDataInputStream;

/**
 * The files in a tar file (POSIX.1-1988 ustar, POSIX.1-2001 pax, GNU long names), one after another; of their contents nothing is
 * read.
 */
final class TarMembers {
    private static final int BLOCK = 512;
    private static final int SUM_AT = 148;
    private static final int TYPE_AT = 156;
    private static final int LONGEST_NAME = 1 << 16;

    private final FSDataInputStream in;
    private final long end;
    private final byte[] header = new byte[BLOCK];
    private long at;
    private String longName;
    private long paxSize = -1;

    /** @param offset of the contents, bytes */
    record Member(String name, long offset, long length) {}

    /** @param length of the tar file */
    TarMembers(FSDataInputStream in, long length) {
        this.in = in;
        this.end = length;
    }

    /**
     * The next file; null behind the last. One whose contents end behind the tar file's end is given, too.
     *
     * @throws IOException if there is no header where one should be
     */
    Member next() throws IOException {
        while (at + BLOCK <= end) {
            in.readFully(at, header);
            if (isZero()) {
                return null;
            }
            check();
            long contents = at + BLOCK;
            long length = paxSize >= 0 && isFile() ? paxSize : size();
            at = contents + (length + BLOCK - 1) / BLOCK * BLOCK;
            if (isFile()) {
                Member member = new Member(longName != null ? longName : name(), contents, length);
                longName = null;
                paxSize = -1;
                return member;
            }
            extend(contents, length);
        }
        if (at < end) {
            throw new IOException("ends within the header at byte " + at);
        }
        return null;
    }

    private boolean isFile() {
        return header[TYPE_AT] == '0' || header[TYPE_AT] == 0 || header[TYPE_AT] == '7';
    }

    private void extend(long contents, long length) throws IOException {
        char type = (char) header[TYPE_AT];
        if (type == 'L') {
            longName = trimmed(read(contents, length), 0, (int) length);
        } else if (type == 'x') {
            pax(read(contents, length));
        }
    }

    private byte[] read(long offset, long length) throws IOException {
        if (length > LONGEST_NAME) {
            throw new IOException("a name of " + length + " bytes at byte " + offset);
        }
        byte[] bytes = new byte[(int) length];
        in.readFully(offset, bytes);
        return bytes;
    }

    /** Records of {@code length key=value\n}. */
    private void pax(byte[] records) throws IOException {
        int from = 0;
        while (from < records.length && records[from] != 0) {
            int space = from;
            while (space < records.length && records[space] != ' ') {
                space++;
            }
            int length = number(new String(records, from, space - from, StandardCharsets.US_ASCII));
            if (length <= space - from || from + length > records.length) {
                throw new IOException("a pax record of " + length + " bytes before byte " + at);
            }
            String record = new String(records, space + 1, from + length - space - 2, StandardCharsets.UTF_8);
            if (record.startsWith("path=")) {
                longName = record.substring("path=".length());
            } else if (record.startsWith("size=")) {
                paxSize = number(record.substring("size=".length()));
            }
            from += length;
        }
    }

    private int number(String digits) throws IOException {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            throw new IOException("a pax record without a number before byte " + at, e);
        }
    }

    private boolean isZero() {
        for (byte each : header) {
            if (each != 0) {
                return false;
            }
        }
        return true;
    }

    private void check() throws IOException {
        long sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= SUM_AT && i < SUM_AT + 8 ? ' ' : header[i] & 0xFF;
        }
        if (sum != octal(SUM_AT, 8)) {
            throw new IOException("no tar header at byte " + at);
        }
    }

    private long size() throws IOException {
        return octal(124, 12);
    }

    /** In digits, or, where the first bit is set, in bytes. */
    private long octal(int from, int length) throws IOException {
        if ((header[from] & 0x80) != 0) {
            long value = header[from] & 0x3F;
            for (int i = from + 1; i < from + length; i++) {
                value = value << 8 | header[i] & 0xFF;
            }
            return value;
        }
        String digits = trimmed(header, from, length).strip();
        try {
            return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
        } catch (NumberFormatException e) {
            throw new IOException("no tar header at byte " + at, e);
        }
    }

    private String name() {
        String name = trimmed(header, 0, 100);
        String prefix = trimmed(header, 257, 5).equals("ustar") && header[262] == 0 ? trimmed(header, 345, 155) : "";
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    private static String trimmed(byte[] bytes, int from, int length) {
        int end = from;
        while (end < from + length && end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, from, end - from, StandardCharsets.UTF_8);
    }
}
