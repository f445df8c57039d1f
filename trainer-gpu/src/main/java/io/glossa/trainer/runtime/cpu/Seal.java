package io.glossa.trainer.runtime.cpu;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32;

/**
 * A checksum as the last bytes of a shared library, where loaders do not look. A library that lost its end kills the
 * process that loads it, so it is looked at before.
 */
final class Seal {
    /** Marks the checksum's upper half, so that a file of zeros has no seal. */
    private static final long MARK = 0x676c6f73L << 32;

    private Seal() {}

    /** Seals a file that nobody uses yet. */
    static void put(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer seal = ByteBuffer.allocate(Long.BYTES).putLong(checksum(bytes, bytes.length));
        Files.write(file, seal.array(), StandardOpenOption.APPEND);
    }

    /** Whether the file is there as it was sealed. */
    static boolean isWhole(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            int content = bytes.length - Long.BYTES;
            return content >= 0 && ByteBuffer.wrap(bytes).getLong(content) == checksum(bytes, content);
        } catch (IOException e) {
            return false;
        }
    }

    private static long checksum(byte[] bytes, int length) {
        CRC32 checksum = new CRC32();
        checksum.update(bytes, 0, length);
        return MARK | checksum.getValue();
    }
}
