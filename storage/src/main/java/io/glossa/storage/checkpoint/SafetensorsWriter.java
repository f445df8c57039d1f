package io.glossa.storage.checkpoint;

import io.glossa.config.Sha256;
import io.glossa.storage.Folder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Map;

/**
 * Writes safetensors files: an 8-byte little-endian length, a JSON header of that length, the tensors' raw bytes.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">the format</a>
 */
public final class SafetensorsWriter {
    private static final int CHUNK = 1 << 20;

    private SafetensorsWriter() {}

    /**
     * Writes a new file (or replaces one) and returns once it is complete.
     *
     * @return its SHA-256, hex
     */
    public static String write(Folder folder, String name, Map<String, Tensor> tensors, Map<String, String> metadata)
            throws IOException {
        try (OutputStream file = folder.create(name)) {
            return write(file, tensors, metadata);
        }
    }

    /** The SHA-256, hex, of the file that {@link #write} would make. */
    static String digest(Map<String, Tensor> tensors, Map<String, String> metadata) throws IOException {
        return write(OutputStream.nullOutputStream(), tensors, metadata);
    }

    private static String write(OutputStream file, Map<String, Tensor> tensors, Map<String, String> metadata)
            throws IOException {
        MessageDigest digest = Sha256.digest();
        DigestOutputStream out = new DigestOutputStream(file, digest);
        SafetensorsHeader header = SafetensorsHeader.layout(tensors, metadata);
        byte[] json = header.bytes();
        out.write(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .array());
        out.write(json);
        byte[] chunk = new byte[CHUNK];
        for (String name : header.entries().keySet()) {
            ByteBuffer data = tensors.get(name).data();
            while (data.hasRemaining()) {
                int count = Math.min(CHUNK, data.remaining());
                data.get(chunk, 0, count);
                out.write(chunk, 0, count);
            }
        }
        return Sha256.hex(digest.digest());
    }
}
