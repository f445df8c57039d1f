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
import java.util.Optional;

/**
 * The way to one other rank and back: a connection, over which messages are numbered, and memory for what is in them where both
 * are on one machine.
 */
final class Link implements AutoCloseable {
    private static final int HEADER_BYTES = 2 * Long.BYTES;

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
