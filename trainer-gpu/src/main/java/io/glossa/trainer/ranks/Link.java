package io.glossa.trainer.ranks;

import io.glossa.error.GlossaException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The way to one other rank and back: a connection, over which messages are numbered, and memory for what is in them where both
 * are on one machine.
 */
final class Link implements AutoCloseable {
    private static final int HEADER_BYTES = 3 * Long.BYTES;

    /** What goes before a message. */
    record Heading(long step, long message, long bytes) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%d bytes of message %d in step %d", bytes, message, step);
        }
    }

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
     * @throws IOException also if the other rank does nothing for too long
     */
    static Link over(SocketChannel channel, int mostBytes, boolean neighbour, int patienceMs) throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.socket().setSoTimeout(patienceMs);
        DataInputStream in = new DataInputStream(channel.socket().getInputStream());
        DataOutputStream out = new DataOutputStream(channel.socket().getOutputStream());
        Optional<SharedMemory.Offer> offer = neighbour ? SharedMemory.offer(mostBytes) : Optional.empty();
        try {
            out.writeUTF(offer.map(mine -> mine.file().toString()).orElse(""));
            out.writeLong(offer.map(SharedMemory.Offer::word).orElse(0L));
            String theirs = in.readUTF();
            long word = in.readLong();
            Optional<SharedMemory> seen =
                    theirs.isEmpty() ? Optional.empty() : SharedMemory.of(Path.of(theirs), word, mostBytes);
            out.writeBoolean(seen.isPresent());
            boolean taken = in.readBoolean();
            channel.socket().setSoTimeout(0);
            return new Link(channel, mostBytes, taken ? offer.map(SharedMemory.Offer::memory) : Optional.empty(), seen);
        } finally {
            if (offer.isPresent()) {
                Files.deleteIfExists(offer.get().file());
            }
        }
    }

    /** Whether sending never waits for the other rank to receive. */
    boolean isShared() {
        return out.isPresent();
    }

    void send(long step, long message, ByteBuffer bytes) throws IOException {
        sentHeader
                .clear()
                .putLong(step)
                .putLong(message)
                .putLong(bytes.remaining())
                .flip();
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
     * @throws GlossaException of type INTERNAL for another one or another length, which only who runs another program or is at
     *     another step sends
     */
    ByteBuffer receive(Heading expected) throws IOException {
        read(channel, header.clear());
        Heading found = new Heading(header.getLong(), header.getLong(), header.getLong());
        if (!found.equals(expected)) {
            throw GlossaException.internal("Cannot add up over ranks: found " + found + " of another rank, expected "
                    + expected + " (all ranks must run the same program, from the same checkpoint)");
        }
        int bytes = (int) expected.bytes();
        return in.isPresent()
                ? in.get().read(expected.message(), bytes)
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
