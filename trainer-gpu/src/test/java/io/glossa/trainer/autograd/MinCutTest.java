package io.glossa.trainer.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MinCutTest {
    private static final int SEED = 11;
    private static final int NETWORKS = 500;
    private static final int PLACES = 8;

    /** Against all ways to part the places of small random networks, some of whose arcs must not be cut. */
    @Test
    void noCutIsCheaperAndNoneAsCheapIsNearerToTheSource() {
        Random random = new Random(SEED);
        for (int network = 0; network < NETWORKS; network++) {
            long[][] capacity = network(random);
            MinCut cut = new MinCut(PLACES);
            for (int from = 0; from < PLACES; from++) {
                for (int to = 0; to < PLACES; to++) {
                    if (capacity[from][to] > 0) {
                        cut.arc(from, to, capacity[from][to]);
                    }
                }
            }
            int nearest = nearest(capacity);

            BitSet side = cut.sourceSide(0, PLACES - 1);

            assertThat(side).as("network %d of seed %d", network, SEED).isEqualTo(BitSet.valueOf(new long[] {nearest}));
        }
    }

    @Test
    void aPathAsLongAsADeepModelIsCutAtItsCheapestArc() {
        int places = 20_000;
        MinCut cut = new MinCut(places);
        for (int i = 0; i + 1 < places; i++) {
            cut.arc(i, i + 1, i == 12_345 ? 3 : 4);
        }
        assertThat(cut.sourceSide(0, places - 1).cardinality()).isEqualTo(12_346);
    }

    private static long[][] network(Random random) {
        long[][] capacity = new long[PLACES][PLACES];
        for (int arc = 0; arc < 4 + random.nextInt(20); arc++) {
            int from = random.nextInt(PLACES);
            int to = random.nextInt(PLACES);
            boolean free = random.nextInt(8) == 0 && from != 0 && to != PLACES - 1;
            capacity[from][to] = from == to ? 0 : free ? MinCut.FREE_OF_LIMIT : 1 + random.nextInt(9);
        }
        return capacity;
    }

    /** The places, as bits, that are on the source's side of every cheapest cut. */
    private static int nearest(long[][] capacity) {
        long cheapest = Long.MAX_VALUE;
        int nearest = 0;
        for (int side = 1; side < 1 << PLACES - 1; side += 2) {
            long cost = 0;
            for (int from = 0; from < PLACES; from++) {
                for (int to = 0; to < PLACES; to++) {
                    cost += (side >> from & 1) == 1 && (side >> to & 1) == 0 ? capacity[from][to] : 0;
                }
            }
            nearest = cost < cheapest ? side : cost == cheapest ? nearest & side : nearest;
            cheapest = Math.min(cheapest, cost);
        }
        return nearest;
    }
}
