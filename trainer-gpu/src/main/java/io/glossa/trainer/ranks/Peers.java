package io.glossa.trainer.ranks;

import io.glossa.error.Background;
import io.glossa.error.GlossaException;
import io.glossa.trainer.data.Rank;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.function.ObjIntConsumer;

/**
 * What all ranks do together with F32 numbers. A tensor is cut into as many segments as there are ranks; each rank gets all of one
 * segment and adds up in the order of the ranks (reduce-scatter), or sends its segment to all (all-gather), so that either sends and
 * receives (N − 1)/N times the tensor. The order of a sum depends on the number of ranks alone, not on where a number lies
 * in a tensor. All ranks must call the same, in the same order; each call returns when this rank's part is done. Not for
 * several threads at once.
 */
public final class Peers implements AutoCloseable {
    /** Floats of each segment that travel at once: what is held beside the tensors, and stays in a cache on its way. */
    private static final int PIECE = 1 << 17;

    /** Floats that are added at once, in the nearest cache. */
    private static final int LINE = 1 << 12;

    private static final int PATIENCE_MS = 60_000;

    private final Rank rank;
    private final List<Door.Address> addresses;
    private final Link[] links;
    private final float[] sum = new float[LINE];
    private final float[] addend = new float[LINE];
    private final ExecutorService sender = Background.thread("glossa-ranks");
    private long step;
    private long messages;

    private Peers(Rank rank, List<Door.Address> addresses, Link[] links) {
        this.rank = rank;
        this.addresses = addresses;
        this.links = links;
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
        List<Door.Address> all = addresses.stream().map(Door.Address::of).toList();
        return new Peers(rank, all, new Meeting(rank, all, Float.BYTES * PIECE, patienceMs).links());
    }

    /** Which one this is. */
    Rank rank() {
        return rank;
    }

    /** What all do from now on is part of a step, and is not mixed with what a rank does that is at another one. */
    public void begin(long step) {
        this.step = step;
    }

    /**
     * The sum over all ranks, on all of them.
     *
     * @param result in the machine's order of bytes, as all here; may be the operand
     * @param operand this rank's numbers, as many
     */
    public void sum(ByteBuffer result, ByteBuffer operand) {
        int count = operand.remaining() / Float.BYTES;
        for (int piece = 0; piece < pieces(count); piece++) {
            ByteBuffer own = segment(result, count, rank.index(), piece);
            scatter(own, operand, count, piece);
            gather(result, own, count, piece);
        }
    }

    /**
     * This rank's segment of the sum over all ranks.
     *
     * @param result as long as one segment
     * @param operand this rank's numbers, as many equal segments as there are ranks
     */
    public void reduceScatter(ByteBuffer result, ByteBuffer operand) {
        int count = operand.remaining() / Float.BYTES;
        for (int piece = 0; piece < pieces(count); piece++) {
            scatter(piece(result, 0, count / rank.count(), piece), operand, count, piece);
        }
    }

    /**
     * The segments of all ranks, in their order, on all of them.
     *
     * @param result as many segments as there are ranks
     * @param operand this rank's segment
     */
    public void allGather(ByteBuffer result, ByteBuffer operand) {
        int count = result.remaining() / Float.BYTES;
        result.duplicate()
                .position(result.position() + operand.remaining() * rank.index())
                .put(operand.duplicate());
        for (int piece = 0; piece < pieces(count); piece++) {
            gather(result, piece(operand, 0, count / rank.count(), piece), count, piece);
        }
    }

    private int pieces(int count) {
        return -Math.floorDiv(-(count + rank.count() - 1) / rank.count(), PIECE);
    }

    /** What of a rank's segment travels at once. */
    private ByteBuffer segment(ByteBuffer tensor, int count, int of, int piece) {
        int from = (int) ((long) count * of / rank.count());
        return piece(tensor, from, (int) ((long) count * (of + 1) / rank.count()) - from, piece);
    }

    private static ByteBuffer piece(ByteBuffer tensor, int from, int segment, int piece) {
        int first = Math.min(segment, piece * PIECE);
        int size = Math.min(segment - first, PIECE);
        return tensor.slice(tensor.position() + Float.BYTES * (from + first), Float.BYTES * size);
    }

    private void scatter(ByteBuffer result, ByteBuffer operand, int count, int piece) {
        FloatBuffer[] parts = new FloatBuffer[rank.count()];
        parts[rank.index()] = floats(segment(operand, count, rank.index(), piece));
        exchange(
                to -> segment(operand, count, to, piece),
                from -> result.remaining(),
                (bytes, from) -> parts[from] = floats(bytes));
        add(floats(result), parts);
    }

    private void gather(ByteBuffer result, ByteBuffer own, int count, int piece) {
        exchange(
                to -> own.duplicate(),
                from -> segment(result, count, from, piece).remaining(),
                (bytes, from) -> segment(result, count, from, piece).put(bytes));
    }

    private void add(FloatBuffer result, FloatBuffer[] parts) {
        int count = result.remaining();
        for (int at = 0; at < count; at += LINE) {
            int size = Math.min(LINE, count - at);
            parts[0].get(at, sum, 0, size);
            for (int from = 1; from < parts.length; from++) {
                parts[from].get(at, addend, 0, size);
                for (int i = 0; i < size; i++) {
                    sum[i] += addend[i];
                }
            }
            result.put(at, sum, 0, size);
        }
    }

    private static FloatBuffer floats(ByteBuffer bytes) {
        return bytes.order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    /** Sends one message to each other rank and takes one from each. */
    private void exchange(IntFunction<ByteBuffer> sent, IntUnaryOperator bytes, ObjIntConsumer<ByteBuffer> received) {
        messages++;
        List<Future<?>> sending = new ArrayList<>();
        // To the next rank first, then to the one after it, so that at any time each rank hears from one other.
        for (int i = 1; i < rank.count(); i++) {
            int to = (rank.index() + i) % rank.count();
            ByteBuffer message = sent.apply(to);
            if (links[to].isShared()) {
                send(to, message);
            } else {
                sending.add(sender.submit(() -> send(to, message)));
            }
        }
        for (int i = 1; i < rank.count(); i++) {
            int from = (rank.index() - i + rank.count()) % rank.count();
            received.accept(receive(from, bytes.applyAsInt(from)), from);
        }
        sending.forEach(future -> Background.result(future, "send numbers to other ranks"));
    }

    private void send(int to, ByteBuffer message) {
        try {
            links[to].send(step, messages, message);
        } catch (IOException e) {
            throw gone(to, e);
        }
    }

    private ByteBuffer receive(int from, int bytes) {
        try {
            return links[from].receive(new Link.Heading(step, messages, bytes));
        } catch (IOException e) {
            throw gone(from, e);
        }
    }

    private GlossaException gone(int other, IOException cause) {
        return GlossaException.resource("Cannot add up over " + rank.count() + " ranks: rank " + other + " at "
                        + addresses.get(other).place() + " is gone (" + cause.getMessage() + "), expected all to go on")
                .causedBy(new LostRank(cause.toString()));
    }

    @Override
    public void close() {
        sender.shutdownNow();
        for (Link link : links) {
            if (link != null) {
                link.close();
            }
        }
    }
}
