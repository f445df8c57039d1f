package io.glossa.storage.checkpoint;

import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads safetensors files. Tensors of a local file are memory-mapped: nothing is copied until it is touched. Those of another
 * file system are read one by one, each time their data are asked for.
 */
public final class SafetensorsReader {
    private final Folder folder;
    private final String name;
    private final Map<String, Tensor> tensors = new TreeMap<>();
    private final Map<String, String> metadata;

    private SafetensorsReader(Folder folder, String name) throws IOException {
        this.folder = folder;
        this.name = name;
        long size = folder.version(name)
                .orElseThrow(() ->
                        GlossaException.user("Cannot read " + file() + ": no such file, expected a safetensors file"))
                .bytes();
        long length = headerBytes(size);
        byte[] json = new byte[(int) length];
        folder.range(name, Long.BYTES, json.length).get(json);
        long begin = Long.BYTES + length;
        SafetensorsHeader header = SafetensorsHeader.parse(json, size - begin, file());
        metadata = header.metadata();
        for (Map.Entry<String, SafetensorsHeader.Entry> entry : header.entries().entrySet()) {
            tensors.put(entry.getKey(), tensor(entry.getKey(), entry.getValue(), begin));
        }
    }

    /**
     * Opens a file and checks its whole header.
     *
     * @throws GlossaException of type DATA, naming the file, if it is truncated or its header is not one; of type USER if
     *     there is no such file
     */
    public static SafetensorsReader open(Folder folder, String name) {
        try {
            return new SafetensorsReader(folder, name);
        } catch (IOException e) {
            throw unreadable(folder.file(name), e);
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

    private long headerBytes(long size) throws IOException {
        if (size < Long.BYTES) {
            throw SafetensorsHeader.refusal(file(), "it is truncated: " + size + " bytes", "8 for the header's length");
        }
        long length =
                folder.range(name, 0, Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (length < 0 || length > SafetensorsHeader.MAX_BYTES) {
            throw SafetensorsHeader.refusal(
                    file(),
                    "its header has " + Long.toUnsignedString(length) + " bytes",
                    "at most " + SafetensorsHeader.MAX_BYTES);
        }
        if (length > size - Long.BYTES) {
            throw SafetensorsHeader.refusal(
                    file(), "it is truncated: " + (size - Long.BYTES) + " bytes", "a header of " + length);
        }
        return length;
    }

    private Tensor tensor(String of, SafetensorsHeader.Entry entry, long begin) throws IOException {
        long bytes = entry.end() - entry.begin();
        if (bytes > Integer.MAX_VALUE) {
            throw SafetensorsHeader.refusal(
                    file(), "tensor '" + of + "' has " + bytes + " bytes", "at most " + Integer.MAX_VALUE);
        }
        long from = begin + entry.begin();
        return folder.local().isPresent()
                ? new Tensor(entry.dtype(), entry.shape(), folder.range(name, from, (int) bytes))
                : Tensor.lazy(entry.dtype(), entry.shape(), () -> read(from, (int) bytes));
    }

    private ByteBuffer read(long from, int bytes) {
        try {
            return folder.range(name, from, bytes);
        } catch (IOException e) {
            throw unreadable(file(), e);
        }
    }

    private String file() {
        return folder.file(name);
    }

    private static GlossaException unreadable(String file, IOException e) {
        return GlossaException.resource("Cannot read " + file + ": " + e.getMessage())
                .causedBy(e);
    }
}
