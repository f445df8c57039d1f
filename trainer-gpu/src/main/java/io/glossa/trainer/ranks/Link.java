package io.glossa.trainer.ranks;

import io.glossa.error.GlossaException;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * The way to one other rank and back: a connection, over which messages are numbered, and memory for what is in them where both
 * are on one machine.
 */
final class Link implements AutoCloseable {
    private static final int HEADER_BYTES = 2 * Long.BYTES;
    private static final int MOST_PATH_BYTES = 4096;

    private final SocketChannel channel;
    private final ByteBuffer received;
    private final ByteBuffer sentHeader = ByteBuffer.allocateDirect(HEADER_BYTES);
    private final ByteBuffer header = ByteBuffer.allocateDirect(HEADER_BYTES);
    private final Optional<SharedMemory> out;
    private final Optional<SharedMemory> in;

    private Link(SocketChannel channel, int mostBytes, Optional<SharedMemory> out, Optional<SharedMemory> in) {
        this.channel = channel;
        this.out = out;
        this.in = in;
        received = ByteBuffer.allocateDirect(in.isPresent() ? 0 : mostBytes);
    }

    /**
     * Over a connection on which the other rank does the same.
     *
     * @param mostBytes of a message
     * @param neighbour whether both say that they are on one machine; whether they share memory is found out
     */
    static Link over(SocketChannel channel, int mostBytes, boolean neighbour) throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        Optional<SharedMemory.Offer> offer = neighbour ? SharedMemory.offer(mostBytes) : Optional.empty();
        try {
            byte[] path = offer.map(mine -> mine.file().toString()).orElse("").getBytes(StandardCharsets.UTF_8);
            write(
                    channel,
                    ByteBuffer.allocate(Integer.BYTES + Long.BYTES + path.length)
                            .putInt(path.length)
                            .putLong(offer.map(SharedMemory.Offer::word).orElse(0L))
                            .put(path)
                            .flip());
            Optional<SharedMemory> in = offered(channel, mostBytes);
            write(channel, ByteBuffer.wrap(new byte[] {(byte) (in.isPresent() ? 1 : 0)}));
            boolean taken = read(channel, ByteBuffer.allocate(1)).get(0) == 1;
            return new Link(channel, mostBytes, taken ? offer.map(SharedMemory.Offer::memory) : Optional.empty(), in);
        } finally {
            if (offer.isPresent()) {
                Files.deleteIfExists(offer.get().file());
            }
        }
    }

    private static Optional<SharedMemory> offered(SocketChannel channel, int mostBytes) throws IOException {
        ByteBuffer head = read(channel, ByteBuffer.allocate(Integer.BYTES + Long.BYTES));
        int length = head.getInt();
        if (length < 0 || length > MOST_PATH_BYTES) {
            throw new IOException("a path of " + length + " bytes");
        }
        ByteBuffer path = read(channel, ByteBuffer.allocate(length));
        return length == 0
                ? Optional.empty()
                : SharedMemory.of(Path.of(StandardCharsets.UTF_8.decode(path).toString()), head.getLong(), mostBytes);
    }

    /** Whether sending never waits for the other rank to receive. */
    boolean isShared() {
        return out.isPresent();
    }

    void send(long message, ByteBuffer bytes) throws IOException {
        sentHeader.clear().putLong(message).putLong(bytes.remaining()).flip();
        if (out.isPresent()) {
            out.get().write(message, bytes);
            write(channel, sentHeader);
        } else {
            write(channel, sentHeader, bytes);
        }
    }

    /**
     * Waits for a message.
     *
     * @return what is in it, until the next is received
     * @throws GlossaException of type INTERNAL for another message or another length, which only another program sends
     */
    ByteBuffer receive(long message, int bytes) throws IOException {
        read(channel, header.clear());
        long found = header.getLong();
        long length = header.getLong();
        if (found != message || length != bytes) {
            throw GlossaException.internal("Cannot add up over ranks: found " + length + " bytes of message " + found
                    + " of another rank, expected " + bytes + " of message " + message
                    + " (all ranks must run the same program)");
        }
        return in.isPresent()
                ? in.get().read(message, bytes)
                : read(channel, received.clear().limit(bytes));
    }

    static void write(SocketChannel channel, ByteBuffer... buffers) throws IOException {
        while (Arrays.stream(buffers).anyMatch(ByteBuffer::hasRemaining)) {
            channel.write(buffers);
        }
    }

    /** Fills a buffer, to be read from its start. */
    private static ByteBuffer read(SocketChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException("the connection ended");
            }
        }
        return buffer.flip();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw GlossaException.resource("Cannot close a connection to another rank: " + e.getMessage())
                    .causedBy(e);
        }
    }
}
