package io.glossa.storage.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/**
 * Writes safetensors files: an 8-byte little-endian length, a JSON header of that length, the tensors' raw bytes.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">the format</a>
 */
public final class SafetensorsWriter {
    private SafetensorsWriter() {}

    /** Writes a new file (or replaces one) and returns once its bytes are on the disk. */
    public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) throws IOException {
        SafetensorsHeader header = SafetensorsHeader.layout(tensors, metadata);
        byte[] json = header.bytes();
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            writeAll(channel, length.putLong(json.length).flip());
            writeAll(channel, ByteBuffer.wrap(json));
            for (String name : header.entries().keySet()) {
                writeAll(channel, tensors.get(name).data());
            }
            channel.force(true);
        }
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
