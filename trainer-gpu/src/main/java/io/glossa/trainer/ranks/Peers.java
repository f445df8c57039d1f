package io.glossa.trainer.ranks;

import io.glossa.error.GlossaException;
import io.glossa.trainer.data.Rank;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Connections to all other ranks, and sums over them. A tensor is cut into as many chunks as there are ranks; each rank gets all
 * of one chunk (reduce-scatter), adds up in the order of the ranks, and sends the sum to all (all-gather), so that a rank
 * sends and receives 2 · (N − 1)/N times the tensor. The order of a sum depends on the number of ranks alone, not on where a
 * number lies in a tensor. Not for several threads at once.
 */
public final class Peers implements AutoCloseable {
    /** Floats that are summed at once: 4 MB, which bounds what is held beside the tensors. */
    private static final int BLOCK = 1 << 20;

    private static final int PATIENCE_MS = 60_000;
    private static final int GREETING_BYTES = Long.BYTES + Integer.BYTES;
    private static final int HEADER_BYTES = 2 * Long.BYTES;

    private final Rank rank;
    private final List<Door.Address> addresses;
    private final SocketChannel[] channels;
    private final ByteBuffer[] received;
    private final ByteBuffer header = direct(HEADER_BYTES);
    private final ByteBuffer sentHeader = direct(HEADER_BYTES);
    private final float[] sum;
    private final float[] addend;
    private final ExecutorService sender = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "glossa-ranks");
        thread.setDaemon(true);
        return thread;
    });
    private long messages;

    private Peers(Rank rank, List<Door.Address> addresses) {
        this.rank = rank;
        this.addresses = addresses;
        channels = new SocketChannel[rank.count()];
        received = new ByteBuffer[rank.count()];
        int chunk = (BLOCK + rank.count() - 1) / rank.count();
        Arrays.setAll(received, other -> direct(other == rank.index() ? 0 : Float.BYTES * chunk));
        sum = new float[chunk];
        addend = new float[chunk];
    }

    /**
     * Opens a port at which the others will find this rank.
     *
     * @param host this machine, as the others call it
     * @return the address that all ranks must be told, for {@link #meet}
     */
    public static String listen(String host) {
        return Door.open(host).toString();
    }

    /**
     * Connects with all others.
     *
     * @param addresses of all ranks, in their order, this one's among them
     * @throws GlossaException of type RESOURCE if one does not come within a minute
     */
    public static Peers meet(Rank rank, List<String> addresses) {
        return meet(rank, addresses, PATIENCE_MS);
    }

    static Peers meet(Rank rank, List<String> addresses, int patienceMs) {
        Peers peers = new Peers(rank, addresses.stream().map(Door.Address::of).toList());
        try (Door door = Door.at(peers.addresses.get(rank.index()))) {
            for (int other = 0; other < rank.index(); other++) {
                peers.call(other, patienceMs);
            }
            for (int guests = rank.index() + 1; guests < rank.count(); guests++) {
                peers.welcome(door, patienceMs);
            }
            return peers;
        } catch (RuntimeException e) {
            peers.close();
            throw e;
        }
    }

    private void call(int other, int patienceMs) {
        Door.Address address = addresses.get(other);
        try {
            SocketChannel channel = SocketChannel.open();
            channels[other] = channel;
            channel.socket().connect(new InetSocketAddress(address.host(), address.port()), patienceMs);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            ByteBuffer greeting =
                    ByteBuffer.allocate(GREETING_BYTES).putLong(address.word()).putInt(rank.index());
            write(channel, greeting.flip());
        } catch (IOException e) {
            throw GlossaException.resource("Cannot reach rank " + other + " from rank " + rank.index() + ": "
                            + address.place() + " says '" + e.getMessage() + "', expected an open port (is there a"
                            + " firewall between the machines?)")
                    .causedBy(e);
        }
    }

    private void welcome(Door door, int patienceMs) {
        try {
            Door.Guest guest = door.next(patienceMs);
            channels[guest.rank()] = guest.channel();
            guest.channel().setOption(StandardSocketOptions.TCP_NODELAY, true);
        } catch (SocketTimeoutException e) {
            throw GlossaException.resource("Cannot train on " + rank.count() + " ranks: after " + patienceMs / 1000
                    + " s rank " + missing() + " had not come to "
                    + addresses.get(rank.index()).place()
                    + ", expected all (is there a firewall between the machines?)");
        } catch (IOException e) {
            throw GlossaException.resource("Cannot meet other ranks at "
                            + addresses.get(rank.index()).place() + ": " + e.getMessage())
                    .causedBy(e);
        }
    }

    private int missing() {
        int other = rank.index() + 1;
        while (channels[other] != null) {
            other++;
        }
        return other;
    }

    /** Which one this is. */
    Rank rank() {
        return rank;
    }

    /**
     * Adds up F32 numbers, in the machine's order of bytes; returns when all ranks have called it as often.
     *
     * @param result gets the sum
     * @param operand this rank's numbers, as many
     */
    public void sum(ByteBuffer result, ByteBuffer operand) {
        int count = operand.remaining() / Float.BYTES;
        for (int from = 0; from < count; from += BLOCK) {
            int block = Math.min(BLOCK, count - from);
            sumBlock(slice(result, from, block), slice(operand, from, block), block);
        }
    }

    private void sumBlock(ByteBuffer result, ByteBuffer operand, int count) {
        messages++;
        Future<Void> scattered = send(to -> chunk(operand, to, count));
        receive(from ->
                received[from].clear().limit(chunk(operand, rank.index(), count).remaining()));
        await(scattered);
        ByteBuffer own = chunk(result, rank.index(), count);
        add(own, chunk(operand, rank.index(), count));
        Future<Void> gathered = send(to -> own.duplicate());
        receive(from -> chunk(result, from, count));
        await(gathered);
    }

    private void add(ByteBuffer result, ByteBuffer operand) {
        int size = operand.remaining() / Float.BYTES;
        for (int from = 0; from < rank.count(); from++) {
            FloatBuffer part = (from == rank.index() ? operand : received[from].rewind())
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
            part.get(from == 0 ? sum : addend, 0, size);
            for (int i = 0; from > 0 && i < size; i++) {
                sum[i] += addend[i];
            }
        }
        result.order(ByteOrder.nativeOrder()).asFloatBuffer().put(sum, 0, size);
    }

    private interface Chunks {
        ByteBuffer of(int rank);
    }

    /** To the next rank first, then to the one after it, so that at any time each rank hears from one other. */
    private Future<Void> send(Chunks chunks) {
        return sender.submit(() -> {
            for (int i = 1; i < rank.count(); i++) {
                int to = (rank.index() + i) % rank.count();
                ByteBuffer bytes = chunks.of(to);
                sentHeader.clear().putLong(messages).putLong(bytes.remaining()).flip();
                write(channels[to], sentHeader, bytes);
            }
            return null;
        });
    }

    private void receive(Chunks chunks) {
        for (int i = 1; i < rank.count(); i++) {
            int from = (rank.index() - i + rank.count()) % rank.count();
            ByteBuffer bytes = chunks.of(from);
            try {
                read(channels[from], header.clear());
                header.flip();
                require(from, header.getLong(), header.getLong(), bytes.remaining());
                read(channels[from], bytes);
            } catch (IOException e) {
                throw gone("rank " + from + " at " + addresses.get(from).place(), e);
            }
        }
    }

    private void require(int from, long message, long bytes, int expected) {
        if (message != messages || bytes != expected) {
            throw GlossaException.internal("Cannot add up over " + rank.count() + " ranks: rank " + from + " sent "
                    + bytes + " bytes of sum " + message + ", expected " + expected + " of sum " + messages
                    + " (all ranks must run the same program)");
        }
    }

    private void await(Future<Void> sent) {
        try {
            sent.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw gone("this rank was interrupted", e);
        } catch (ExecutionException e) {
            throw gone("another rank", e.getCause());
        }
    }

    private GlossaException gone(String who, Throwable cause) {
        return GlossaException.resource("Cannot add up over " + rank.count() + " ranks: " + who + " is gone ("
                        + cause.getMessage() + "), expected all to go on")
                .causedBy(new LostRank(cause.toString()));
    }

    private ByteBuffer chunk(ByteBuffer block, int of, int count) {
        int from = (int) ((long) count * of / rank.count());
        int to = (int) ((long) count * (of + 1) / rank.count());
        return slice(block, from, to - from);
    }

    private static ByteBuffer slice(ByteBuffer bytes, int from, int count) {
        return bytes.slice(bytes.position() + Float.BYTES * from, Float.BYTES * count);
    }

    private static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes);
    }

    private static void write(SocketChannel channel, ByteBuffer... buffers) throws IOException {
        while (Arrays.stream(buffers).anyMatch(ByteBuffer::hasRemaining)) {
            channel.write(buffers);
        }
    }

    private static void read(SocketChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException("the connection ended");
            }
        }
    }

    @Override
    public void close() {
        sender.shutdownNow();
        for (SocketChannel channel : channels) {
            try {
                if (channel != null) {
                    channel.close();
                }
            } catch (IOException e) {
                throw GlossaException.resource("Cannot close a connection to another rank: " + e.getMessage())
                        .causedBy(e);
            }
        }
    }
}
