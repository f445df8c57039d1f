package io.glossa.featurize.text;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStream;
import io.glossa.featurize.Refusal;
import io.glossa.featurize.RejectCode;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;

/** The lines that begin in a part of a file: plain, or by its first bytes gzip or zstd. */
public final class TextLines implements AutoCloseable {
    /**
     * A line without its end.
     *
     * @param offset of its first byte in the text, decompressed
     * @param bytes at most one more than the longest line may have
     */
    public record Line(long offset, byte[] bytes) {}

    private static final int BUFFER = 1 << 16;
    private static final byte[] GZIP = {0x1F, (byte) 0x8B};
    private static final byte[] ZSTD = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD};
    private static final byte[] UTF_16_LITTLE = {(byte) 0xFF, (byte) 0xFE};
    private static final byte[] UTF_16_BIG = {(byte) 0xFE, (byte) 0xFF};

    private final InputStream in;
    private final long end;
    private final int longest;
    private final byte[] buffer = new byte[BUFFER];
    private int next;
    private int filled;
    private long offset;

    private TextLines(InputStream in, long offset, long end, int longest) {
        this.in = in;
        this.offset = offset;
        this.end = end;
        this.longest = longest;
    }

    /**
     * Opens a file at a part.
     *
     * @param longest bytes of a line to keep, and one more to tell that it has more
     * @throws Refusal if the file cannot be opened, or is not in UTF-8
     * @throws IOException if it may be opened at another time
     */
    public static TextLines open(Configuration configuration, TextPart part, int longest) throws Refusal, IOException {
        FSDataInputStream file = file(configuration, part.uri());
        boolean opened = false;
        try {
            TextLines lines = open(file, part, longest);
            opened = true;
            return lines;
        } finally {
            if (!opened) {
                file.close();
            }
        }
    }

    private static FSDataInputStream file(Configuration configuration, String uri) throws Refusal, IOException {
        Path path = new Path(URI.create(uri));
        FileSystem files = path.getFileSystem(configuration);
        try {
            return (files instanceof LocalFileSystem local ? local.getRaw() : files).open(path);
        } catch (FileNotFoundException | AccessControlException e) {
            throw new Refusal(RejectCode.UNREADABLE, e.toString());
        }
    }

    private static TextLines open(FSDataInputStream file, TextPart part, int longest) throws Refusal, IOException {
        byte[] head = file.readNBytes(ZSTD.length);
        if (head.length == 0) {
            throw new Refusal(RejectCode.EMPTY_FILE, "it has no bytes");
        }
        if (startsWith(head, UTF_16_LITTLE) || startsWith(head, UTF_16_BIG)) {
            throw new Refusal(RejectCode.TEXT_ENCODING, "it is UTF-16, expected UTF-8");
        }
        boolean gzip = startsWith(head, GZIP);
        if (gzip || startsWith(head, ZSTD)) {
            file.seek(0);
            long all = part.start() == 0 ? Long.MAX_VALUE : 0;
            return new TextLines(gzip ? gunzip(file) : new ZstdInputStream(file), 0, all, longest);
        }
        file.seek(Math.max(0, part.start() - 1));
        TextLines lines = new TextLines(file, Math.max(0, part.start() - 1), part.end(), longest);
        if (part.start() > 0) {
            lines.skipLine(); // it began before
        }
        return lines;
    }

    private static InputStream gunzip(InputStream file) throws Refusal, IOException {
        try {
            return new GZIPInputStream(file, BUFFER);
        } catch (ZipException | EOFException e) {
            throw damaged(e);
        }
    }

    /**
     * The next line; null after the last one.
     *
     * @throws Refusal if what is compressed is damaged from here on
     */
    public Line next() throws Refusal, IOException {
        if (offset >= end || !fill()) {
            return null;
        }
        long start = offset;
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (boolean ended = false; !ended && fill(); ) {
            int from = next;
            ended = pass();
            int to = ended ? next - 1 : next;
            line.write(buffer, from, Math.min(to - from, longest + 1 - line.size()));
        }
        return new Line(start, line.toByteArray());
    }

    private void skipLine() throws Refusal, IOException {
        while (fill()) {
            if (pass()) {
                return;
            }
        }
    }

    /** Goes behind the next line end in the buffer, or to the buffer's end if there is none. */
    private boolean pass() {
        int from = next;
        while (next < filled && buffer[next] != '\n') {
            next++;
        }
        boolean found = next < filled;
        next += found ? 1 : 0;
        offset += next - from;
        return found;
    }

    private boolean fill() throws Refusal, IOException {
        if (next < filled) {
            return true;
        }
        try {
            filled = in.read(buffer);
        } catch (ZipException | EOFException | ZstdIOException e) {
            throw damaged(e);
        }
        next = 0;
        return filled > 0;
    }

    private static Refusal damaged(IOException e) {
        return new Refusal(RejectCode.CORRUPT, "what is compressed is damaged: " + e.getMessage());
    }

    private static boolean startsWith(byte[] bytes, byte... start) {
        return bytes.length >= start.length && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
