package io.glossa.trainer.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.storage.OrderHash;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BlockHashesTest {
    private record Condition(List<Long> hashes, int depth) {
        static Condition range(long first, long last) {
            return new Condition(List.of(first, last), 0);
        }

        static Condition or(Condition a, Condition b) {
            return new Condition(
                    Stream.of(a, b).flatMap(each -> each.hashes().stream()).toList(),
                    1 + Math.max(a.depth(), b.depth()));
        }
    }

    @Test
    void neighboursAreOneRange() {
        assertThat(of(16, 2, 3, 4, 9, 15).hashes())
                .containsExactly(
                        OrderHash.first(2, 16),
                        OrderHash.last(4, 16),
                        OrderHash.first(9, 16),
                        OrderHash.last(9, 16),
                        OrderHash.first(15, 16),
                        OrderHash.last(15, 16));
    }

    @Test
    void manyBlocksDoNotMakeItDeep() {
        int[] everySecond = IntStream.range(0, 1 << 15).map(i -> 2 * i).toArray();
        assertThat(of(1 << 16, everySecond).depth()).isEqualTo(15);
    }

    private static Condition of(int allBlocks, int... blocks) {
        return BlockHashes.condition(blocks, allBlocks, Condition::range, Condition::or);
    }
}
