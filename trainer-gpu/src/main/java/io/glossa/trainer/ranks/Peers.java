package io.glossa.trainer.ranks;

import io.glossa.error.Background;
import io.glossa.error.GlossaException;
import io.glossa.trainer.data.Rank;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * What all ranks do together with F32 numbers. A tensor is cut into as many segments as there are ranks; each rank gets all of one
 * segment and adds up in the order of the ranks (reduce-scatter), or sends its segment to all (all-gather), so that either sends and
 * receives (N − 1)/N times the tensor. The order of a sum depends on the number of ranks alone, not on where a number lies
 * in a tensor. All ranks must call the same, in the same order; each call returns when this rank's part is done. Not for
 * several threads at once.
 */
public final class Peers implements AutoCloseable {
    /** Floats of a segment that are received at once: what is held beside the tensors, and stays in a cache on its way. */
    private static final int PIECE = 1 << 16;

    private static final int PIECE_BYTES = Float.BYTES * PIECE;

    /** Floats that are added at once, in the nearest cache. */
    private static final int LINE = 1 << 12;

    private static final int PATIENCE_MS = 60_000;

    private final Rank rank;
    private final List<Door.Address> addresses;
    private final Link[] links;
    private final ByteBuffer incoming = ByteBuffer.allocateDirect(PIECE_BYTES);
    private final float[] sum = new float[PIECE];
    private final float[] addend = new float[LINE];
    private final ExecutorService sender = Background.thread("glossa-ranks");
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
        return new Peers(rank, all, new Meeting(rank, all, patienceMs).links());
    }

    /** Which one this is. */
    Rank rank() {
        return rank;
    }

    /**
     * The sum over all ranks, on all of them.
     *
     * @param result in the machine's order of bytes, as all here; may be the operand
     * @param operand this rank's numbers, as many
     */
    public void sum(ByteBuffer result, ByteBuffer operand) {
        int count = operand.remaining() / Float.BYTES;
        ByteBuffer own = segment(result, count, rank.index());
        scatter(own, operand, count);
        gather(result, own, count);
    }

    /**
     * This rank's segment of the sum over all ranks.
     *
     * @param result as long as one segment
     * @param operand this rank's numbers, as many equal segments as there are ranks
     */
    public void reduceScatter(ByteBuffer result, ByteBuffer operand) {
        scatter(result, operand, operand.remaining() / Float.BYTES);
    }

    /**
     * The segments of all ranks, in their order, on all of them.
     *
     * @param result as many segments as there are ranks
     * @param operand this rank's segment
     */
    public void allGather(ByteBuffer result, ByteBuffer operand) {
        result.duplicate()
                .position(result.position() + operand.remaining() * rank.index())
                .put(operand.duplicate());
        gather(result, operand, result.remaining() / Float.BYTES);
    }

    /** A rank's segment of a tensor. */
    private ByteBuffer segment(ByteBuffer tensor, int count, int of) {
        int from = (int) ((long) count * of / rank.count());
        int to = (int) ((long) count * (of + 1) / rank.count());
        return tensor.slice(tensor.position() + Float.BYTES * from, Float.BYTES * (to - from));
    }

    private void scatter(ByteBuffer result, ByteBuffer operand, int count) {
        ByteBuffer own = segment(operand, count, rank.index());
        exchange(to -> segment(operand, count, to), from -> own.remaining(), (piece, from) -> {
            ByteBuffer addends = piece(own, piece);
            int size = addends.remaining() / Float.BYTES;
            if (from != rank.index()) {
                addends = receive(from, incoming.slice(0, addends.remaining()));
            }
            add(floats(addends), size, from == 0);
            if (from == rank.count() - 1) {
                floats(piece(result, piece)).put(sum, 0, size);
            }
        });
    }

    private void gather(ByteBuffer result, ByteBuffer own, int count) {
        exchange(to -> own, from -> segment(result, count, from).remaining(), (piece, from) -> {
            if (from != rank.index()) {
                receive(from, piece(segment(result, count, from), piece));
            }
        });
    }

    /** What of a segment is received at once; empty behind its end. */
    private static ByteBuffer piece(ByteBuffer segment, int piece) {
        int first = (int) Math.min(segment.remaining(), (long) PIECE_BYTES * piece);
        return segment.slice(segment.position() + first, Math.min(PIECE_BYTES, segment.remaining() - first));
    }

    private void add(FloatBuffer addends, int count, boolean first) {
        if (first) {
            addends.get(sum, 0, count);
            return;
        }
        for (int at = 0; at < count; at += LINE) {
            int size = Math.min(LINE, count - at);
            addends.get(addend, 0, size);
            for (int i = 0; i < size; i++) {
                sum[at + i] += addend[i];
            }
        }
    }

    /** Takes a piece of what a rank sends, or has itself. */
    private interface Taking {
        void take(int piece, int from);
    }

    /**
     * Sends one message to each other rank and takes one from each, piece by piece in the order of the ranks. Each rank sends pieces in
     * turn to all, first to the next rank, so that no circle of ranks waits.
     */
    private void exchange(IntFunction<ByteBuffer> sent, IntUnaryOperator bytes, Taking taking) {
        messages++;
        List<Integer> others = IntStream.range(1, rank.count())
                .mapToObj(i -> (rank.index() + i) % rank.count())
                .toList();
        List<Integer> direct =
                others.stream().filter(other -> links[other].isDirect()).toList();
        List<Integer> far =
                others.stream().filter(other -> !links[other].isDirect()).toList();
        direct.forEach(to -> with(to, link -> link.begin(messages, sent.apply(to))));
        Optional<Future<?>> sending =
                far.isEmpty() ? Optional.empty() : Optional.of(sender.submit(() -> send(far, sent)));
        others.forEach(from -> with(from, link -> link.expect(messages, bytes.applyAsInt(from))));
        int most = IntStream.range(0, rank.count()).map(bytes).max().orElseThrow();
        for (int piece = 0; piece < pieces(most); piece++) {
            for (int from = 0; from < rank.count(); from++) {
                taking.take(piece, from);
            }
        }
        direct.forEach(from -> with(from, link -> link.received(messages)));
        direct.forEach(to -> with(to, link -> link.end(messages)));
        sending.ifPresent(future -> Background.result(future, "send numbers to other ranks"));
    }

    private void send(List<Integer> ranks, IntFunction<ByteBuffer> sent) {
        ranks.forEach(to -> with(to, link -> link.begin(messages, sent.apply(to))));
        int most =
                ranks.stream().mapToInt(to -> sent.apply(to).remaining()).max().orElse(0);
        for (int at = 0; at < pieces(most); at++) {
            int piece = at;
            ranks.forEach(to -> with(to, link -> link.send(piece(sent.apply(to), piece))));
        }
    }

    private static int pieces(int bytes) {
        return -Math.floorDiv(-bytes, PIECE_BYTES);
    }

    private ByteBuffer receive(int from, ByteBuffer into) {
        with(from, link -> link.receive(into));
        return into;
    }

    private interface LinkCall {
        void on(Link link) throws IOException;
    }

    private void with(int other, LinkCall call) {
        try {
            call.on(links[other]);
        } catch (IOException e) {
            throw gone(other, e);
        }
    }

    private static FloatBuffer floats(ByteBuffer bytes) {
        return bytes.order(ByteOrder.nativeOrder()).asFloatBuffer();
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
