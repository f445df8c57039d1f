package io.glossa.trainer.ranks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.trainer.data.Rank;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeersTest {
    private static final int PATIENCE_MS = 20_000;
    private static final int SHORT_MS = 300;

    private final int seed = new Random().nextInt();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void addUpInTheOrderOfTheRanks(int count) {
        int[] sizes = {1, 2, 7, 1000, (1 << 20) + 5};
        List<List<float[]>> sums = together(count, PATIENCE_MS, peers -> {
            List<float[]> found = new ArrayList<>();
            for (int size : sizes) {
                found.add(sum(peers, values(size, peers.rank().index())));
            }
            return found;
        });

        for (int k = 0; k < sizes.length; k++) {
            float[] expected = values(sizes[k], 0);
            for (int rank = 1; rank < count; rank++) {
                float[] more = values(sizes[k], rank);
                for (int i = 0; i < expected.length; i++) {
                    expected[i] += more[i];
                }
            }
            for (List<float[]> rank : sums) {
                assertThat(rank.get(k)).as("seed %d", seed).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void eachGetsItsSegmentOfASumAndAllTheSegmentsOfAll(int count) {
        int segment = (1 << 17) + 16;
        List<float[][]> found = together(count, PATIENCE_MS, peers -> {
            ByteBuffer operand = direct(segment * count);
            operand.asFloatBuffer().put(values(segment * count, peers.rank().index()));
            ByteBuffer own = direct(segment);
            peers.reduceScatter(own, operand);
            ByteBuffer all = direct(segment * count);
            peers.allGather(all, own);
            ByteBuffer sum = direct(segment * count);
            peers.sum(sum, operand);
            float[][] both = new float[2][segment * count];
            all.asFloatBuffer().get(both[0]);
            sum.asFloatBuffer().get(both[1]);
            return both;
        });

        for (float[][] rank : found) {
            assertThat(rank[0]).as("seed %d", seed).isEqualTo(found.get(0)[1]);
            assertThat(rank[1]).isEqualTo(found.get(0)[1]);
        }
    }

    @Test
    void aRankThatDoesNotComeIsNamed() {
        List<String> addresses = List.of(Peers.listen("localhost"), Peers.listen("localhost"));
        assertThatThrownBy(() -> Peers.meet(new Rank(0, 2), addresses, SHORT_MS))
                .isInstanceOf(GlossaException.class)
                .hasMessageMatching("Cannot train on 2 ranks: after 0 s rank 1 had not come to localhost:\\d+,"
                        + " expected all \\(is there a firewall between the machines\\?\\)");
    }

    @Test
    void aPortThatIsClosedIsNamed() {
        String closed = "localhost:1/0000000000000007";
        List<String> addresses = List.of(closed, Peers.listen("localhost"));
        assertThatThrownBy(() -> Peers.meet(new Rank(1, 2), addresses, SHORT_MS))
                .hasMessageStartingWith("Cannot reach rank 0 from rank 1: localhost:1 says 'Connection refused'");
    }

    @Test
    void aRankThatIsThereButSaysNothingIsNotWaitedForLong() {
        List<String> addresses = List.of(Peers.listen("localhost"), Peers.listen("localhost"));
        assertThatThrownBy(() -> Peers.meet(new Rank(1, 2), addresses, SHORT_MS))
                .hasMessageStartingWith("Cannot reach rank 0 from rank 1: localhost:")
                .hasMessageContaining("timed out");
    }

    @Test
    void strangersAreSentAway() throws Exception {
        List<String> addresses = List.of(Peers.listen("localhost"), Peers.listen("localhost"));
        Door.Address first = Door.Address.of(addresses.get(0));
        try (Socket stranger = new Socket(first.host(), first.port())) {
            stranger.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            List<float[]> sums = at(addresses, PATIENCE_MS, peers -> sum(peers, new float[] {1, 2}));
            assertThat(sums).allSatisfy(sum -> assertThat(sum).containsExactly(2, 4));
        }
    }

    @Test
    void aRankThatEndsIsMissedByTheOthers() {
        assertThatThrownBy(() -> together(3, PATIENCE_MS, peers -> {
                    if (peers.rank().index() == 1) {
                        peers.close();
                        return new float[0];
                    }
                    return sum(peers, new float[] {1, 2, 3});
                }))
                .isInstanceOf(CompletionException.class)
                .cause()
                .hasMessageStartingWith("Cannot add up over 3 ranks: ")
                .hasMessageEndingWith("expected all to go on")
                .hasCauseInstanceOf(LostRank.class);
    }

    @Test
    void otherProgramsAreNotAddedUp() {
        assertThatThrownBy(() -> together(
                        2,
                        PATIENCE_MS,
                        peers -> sum(peers, new float[2 + 2 * peers.rank().index()])))
                .cause()
                .isInstanceOfSatisfying(
                        GlossaException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.INTERNAL))
                .hasMessageMatching(
                        "Cannot add up over ranks: found \\d+ bytes of message 1 in step 0 of another rank, expected"
                                + " \\d+ bytes of message 1 in step 0 \\(all ranks must run the same program, from the same"
                                + " checkpoint\\)");
    }

    @Test
    void otherStepsAreNotAddedUp() {
        assertThatThrownBy(() -> together(2, PATIENCE_MS, peers -> {
                    peers.begin(200 + peers.rank().index());
                    return sum(peers, new float[2]);
                }))
                .cause()
                .hasMessageMatching(
                        "Cannot add up over ranks: found 4 bytes of message 1 in step 20[01] of another rank,"
                                + " expected 4 bytes of message 1 in step 20[01] .*");
    }

    private float[] values(int size, int rank) {
        Random random = new Random(seed + 31 * rank);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static float[] sum(Peers peers, float[] values) {
        ByteBuffer operand = direct(values.length);
        operand.asFloatBuffer().put(values);
        ByteBuffer result = direct(values.length);
        peers.sum(result, operand);
        float[] sum = new float[values.length];
        result.asFloatBuffer().get(sum);
        return sum;
    }

    private static ByteBuffer direct(int floats) {
        return ByteBuffer.allocateDirect(Float.BYTES * floats).order(ByteOrder.nativeOrder());
    }

    private static <T> List<T> together(int count, int patienceMs, Function<Peers, T> work) {
        return at(
                IntStream.range(0, count)
                        .mapToObj(i -> Peers.listen("localhost"))
                        .toList(),
                patienceMs,
                work);
    }

    private static <T> List<T> at(List<String> addresses, int patienceMs, Function<Peers, T> work) {
        return RankThreads.run(addresses.size(), rank -> {
            try (Peers peers = Peers.meet(rank, addresses, patienceMs)) {
                return work.apply(peers);
            }
        });
    }
}
