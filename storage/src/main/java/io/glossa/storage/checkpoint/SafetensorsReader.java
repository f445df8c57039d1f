package io.glossa.storage.checkpoint;

import io.glossa.error.GlossaException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** Reads safetensors files. Their tensors are memory-mapped: nothing is copied until it is touched. */
public final class SafetensorsReader {
    private final Map<String, Tensor> tensors;
    private final Map<String, String> metadata;

    private SafetensorsReader(Map<String, Tensor> tensors, Map<String, String> metadata) {
        this.tensors = tensors;
        this.metadata = metadata;
    }

    /**
     * Opens a file and checks its whole header.
     *
     * @throws GlossaException of type DATA, naming the file, if it is truncated or its header is not one; of type USER if
     *     there is no such file
     */
    public static SafetensorsReader open(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            SafetensorsHeader header = header(channel, file);
            long begin = channel.position();
            Map<String, Tensor> tensors = new TreeMap<>();
            for (Map.Entry<String, SafetensorsHeader.Entry> named :
                    header.entries().entrySet()) {
                SafetensorsHeader.Entry entry = named.getValue();
                ByteBuffer data =
                        map(channel, begin + entry.begin(), entry.end() - entry.begin(), named.getKey(), file);
                tensors.put(named.getKey(), new Tensor(entry.dtype(), entry.shape(), data));
            }
            return new SafetensorsReader(tensors, header.metadata());
        } catch (NoSuchFileException e) {
            throw GlossaException.user("Cannot read " + file + ": no such file, expected a safetensors file")
                    .causedBy(e);
        } catch (IOException e) {
            throw GlossaException.resource("Cannot read " + file + ": " + e.getMessage())
                    .causedBy(e);
        }
    }

    /** Every tensor by name, in the order of the names; read-only. */
    public Map<String, Tensor> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    /** The header's {@code __metadata__}. */
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    private static SafetensorsHeader header(FileChannel channel, Path file) throws IOException {
        long size = channel.size();
        if (size < Long.BYTES) {
            throw SafetensorsHeader.refusal(file, "it is truncated: " + size + " bytes", "8 for the header's length");
        }
        long length = read(channel, Long.BYTES).getLong();
        if (length < 0 || length > SafetensorsHeader.MAX_BYTES) {
            throw SafetensorsHeader.refusal(
                    file,
                    "its header has " + Long.toUnsignedString(length) + " bytes",
                    "at most " + SafetensorsHeader.MAX_BYTES);
        }
        if (length > size - Long.BYTES) {
            throw SafetensorsHeader.refusal(
                    file, "it is truncated: " + (size - Long.BYTES) + " bytes", "a header of " + length);
        }
        byte[] json = read(channel, (int) length).array();
        return SafetensorsHeader.parse(json, size - Long.BYTES - length, file);
    }

    private static ByteBuffer read(FileChannel channel, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException("it was cut short while it was read");
            }
        }
        return buffer.flip();
    }

    private static ByteBuffer map(FileChannel channel, long begin, long bytes, String name, Path file)
            throws IOException {
        if (bytes > Integer.MAX_VALUE) {
            throw SafetensorsHeader.refusal(
                    file, "tensor '" + name + "' has " + bytes + " bytes", "at most " + Integer.MAX_VALUE);
        }
        return channel.map(FileChannel.MapMode.READ_ONLY, begin, bytes);
    }
}
