package io.glossa.trainer.ranks;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * Memory that one rank writes and another on the same machine reads: two slots in turn, so that what is read stays while the
 * next message is written. Who writes says so by other means, and writes a third message only after it had the second of the reader.
 */
final class SharedMemory {
    private static final int WORD_BYTES = Long.BYTES;

    private final MappedByteBuffer memory;
    private final int slotBytes;

    /** Memory that is offered to another rank. */
    record Offer(Path file, long word, SharedMemory memory) {}

    private SharedMemory(MappedByteBuffer memory, int slotBytes) {
        this.memory = memory;
        this.slotBytes = slotBytes;
    }

    /** Zeroed memory behind a file in memory that has a name until the other rank has opened it; empty where there can be none. */
    static Optional<Offer> offer(int slotBytes) {
        Path folder = Path.of("/dev/shm");
        if (!Files.isWritable(folder)) {
            return Optional.empty();
        }
        try {
            Path file = Files.createTempFile(folder, "glossa-", ".ranks");
            try {
                Files.write(file, new byte[(int) size(slotBytes)]); // there is room for all of it, or none is offered
                SharedMemory memory = new SharedMemory(mapped(file, slotBytes), slotBytes);
                long word = new SecureRandom().nextLong();
                memory.memory.putLong(0, word);
                return Optional.of(new Offer(file, word, memory));
            } catch (IOException e) {
                Files.delete(file);
                throw e;
            }
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** What another rank offered; empty where it is not to be seen from here. */
    static Optional<SharedMemory> of(Path file, long word, int slotBytes) {
        try {
            if (Files.size(file) != size(slotBytes)) {
                return Optional.empty();
            }
            MappedByteBuffer memory = mapped(file, slotBytes);
            return memory.getLong(0) == word ? Optional.of(new SharedMemory(memory, slotBytes)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static MappedByteBuffer mapped(Path file, int slotBytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, size(slotBytes));
            memory.order(ByteOrder.nativeOrder());
            return memory;
        }
    }

    private static long size(int slotBytes) {
        return WORD_BYTES + 2L * slotBytes;
    }

    void write(long message, ByteBuffer bytes) {
        slot(message, bytes.remaining()).put(bytes);
        VarHandle.fullFence();
    }

    /** What was written; there until the message after the next is. */
    ByteBuffer read(long message, int bytes) {
        VarHandle.fullFence();
        return slot(message, bytes);
    }

    private ByteBuffer slot(long message, int bytes) {
        return memory.slice(WORD_BYTES + (int) (message % 2) * slotBytes, bytes);
    }
}
