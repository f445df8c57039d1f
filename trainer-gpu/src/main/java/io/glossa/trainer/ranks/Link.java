package io.glossa.trainer.ranks;

import io.glossa.error.GlossaException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.ref.Reference;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * The way to one other rank and back: a connection, over which messages are numbered. Where both are on one machine and may, each
 * reads what is in them from the other's memory, and says so when it has; else that follows on the connection.
 */
final class Link implements AutoCloseable {
    private static final int HEADER_BYTES = 3 * Long.BYTES;

    /** In place of the length of a message: that one was received. */
    private static final long RECEIVED = -1;

    private final SocketChannel channel;
    private final Optional<OtherMemory> memory;
    private final ByteBuffer sent = ByteBuffer.allocateDirect(HEADER_BYTES);
    private final ByteBuffer received = ByteBuffer.allocateDirect(HEADER_BYTES);

    /** Where in the other's memory the next bytes lie. */
    private long next;

    private Link(SocketChannel channel, Optional<OtherMemory> memory) {
        this.channel = channel;
        this.memory = memory;
    }

    /**
     * Over a connection on which the other rank does the same.
     *
     * @param neighbour whether both say that they are on one machine; whether they see each other's memory is found out
     * @throws IOException also if the other rank does nothing for too long
     */
    static Link over(SocketChannel channel, boolean neighbour, int patienceMs) throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.socket().setSoTimeout(patienceMs);
        DataInputStream in = new DataInputStream(channel.socket().getInputStream());
        DataOutputStream out = new DataOutputStream(channel.socket().getOutputStream());
        OtherMemory.show();
        ByteBuffer word = ByteBuffer.allocateDirect(Long.BYTES)
                .putLong(new SecureRandom().nextLong())
                .flip();
        out.writeInt((int) ProcessHandle.current().pid());
        out.writeLong(OtherMemory.address(word));
        out.writeLong(word.getLong(0));
        OtherMemory other = new OtherMemory(in.readInt());
        long address = in.readLong();
        boolean seen = sees(other, address, in.readLong()) && neighbour;
        out.writeBoolean(seen);
        boolean direct = in.readBoolean() && seen;
        Reference.reachabilityFence(word);
        channel.socket().setSoTimeout(0);
        return new Link(channel, Optional.of(other).filter(memory -> direct));
    }

    private static boolean sees(OtherMemory other, long address, long word) {
        ByteBuffer found = ByteBuffer.allocateDirect(Long.BYTES);
        try {
            other.read(address, found);
            return found.getLong(0) == word;
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether the other rank reads what is sent itself, so that nothing follows {@link #begin}, and all stays until {@link #end}. */
    boolean isDirect() {
        return memory.isPresent();
    }

    /** Begins to send a message. */
    void begin(long message, ByteBuffer bytes) throws IOException {
        write(channel, header(message, bytes.remaining(), isDirect() ? OtherMemory.address(bytes) : 0));
    }

    /** The next bytes of a message that was begun. */
    void send(ByteBuffer bytes) throws IOException {
        write(channel, bytes.duplicate());
    }

    /**
     * Waits for the begin of a message.
     *
     * @throws GlossaException of type INTERNAL for another message or another length, which only another program sends
     */
    void expect(long message, long bytes) throws IOException {
        read(channel, received.clear());
        if (received.getLong(0) != message || received.getLong(Long.BYTES) != bytes) {
            throw GlossaException.internal("Cannot add up over ranks: found " + received.getLong(Long.BYTES)
                    + " bytes of message " + received.getLong(0) + " of another rank, expected " + bytes
                    + " of message " + message + " (all ranks must run the same program)");
        }
        next = received.getLong(2 * Long.BYTES);
    }

    /** Fills a buffer with the next bytes of the message that is expected; to be read from its start. */
    void receive(ByteBuffer into) throws IOException {
        if (memory.isEmpty()) {
            read(channel, into);
            return;
        }
        memory.get().read(next, into);
        next += into.limit();
        into.flip();
    }

    /** Says that the message expected is received. */
    void received(long message) throws IOException {
        if (isDirect()) {
            write(channel, header(message, RECEIVED, 0));
        }
    }

    /** Waits until the message begun is received, after that expected is. */
    void end(long message) throws IOException {
        if (isDirect()) {
            expect(message, RECEIVED);
        }
    }

    private ByteBuffer header(long message, long bytes, long address) {
        return sent.clear().putLong(message).putLong(bytes).putLong(address).flip();
    }

    static void write(SocketChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
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
