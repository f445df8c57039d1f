package io.glossa.trainer.runtime.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.UUID;
import java.util.zip.CRC32;

/**
 * A checksum as the last bytes of a library, where loaders do not look. A library that lost its end kills the
 * process that loads it, so it is looked at before.
 */
public final class Seal {
    /** How sealed files are written; part of their names. */
    public static final String FORMAT = "sealed";

    /** Marks the checksum's upper half, so that a file of zeros has no seal. */
    private static final long MARK = 0x676c6f73L << 32;

    private Seal() {}

    /** Seals a file that nobody uses yet. */
    static void put(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer seal = ByteBuffer.allocate(Long.BYTES).putLong(checksum(bytes, bytes.length));
        Files.write(file, seal.array(), StandardOpenOption.APPEND);
    }

    /** Writes a file with its seal, whole or not at all, whoever else does the same. */
    public static void publishSealed(Path file, byte[] content) throws IOException {
        byte[] sealed = Arrays.copyOf(content, content.length + Long.BYTES);
        ByteBuffer.wrap(sealed).putLong(content.length, checksum(content, content.length));
        publish(file, sealed);
    }

    /** What was sealed in a file. */
    public static byte[] content(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        return Arrays.copyOf(bytes, bytes.length - Long.BYTES);
    }

    /** Whether the file is there as it was sealed. */
    public static boolean isWhole(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            int content = bytes.length - Long.BYTES;
            return content >= 0 && ByteBuffer.wrap(bytes).getLong(content) == checksum(bytes, content);
        } catch (IOException e) {
            return false;
        }
    }

    /** Writes a file whole or not at all, whoever else does the same. Who may read it is as the person's umask says. */
    public static void publish(Path file, byte[] bytes) throws IOException {
        Files.createDirectories(file.getParent());
        Path part = file.resolveSibling("part-" + UUID.randomUUID());
        Files.write(part, bytes, StandardOpenOption.CREATE_NEW);
        try {
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static long checksum(byte[] bytes, int length) {
        CRC32 checksum = new CRC32();
        checksum.update(bytes, 0, length);
        return MARK | checksum.getValue();
    }
}
