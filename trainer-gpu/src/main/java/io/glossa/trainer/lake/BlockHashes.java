package io.glossa.trainer.lake;

import io.glossa.storage.OrderHash;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;

/** Which hashes the rows of blocks have, as a reader's condition. */
final class BlockHashes {
    private BlockHashes() {}

    /**
     * A condition that holds for all rows of some blocks. Neighbours have one range in common; what joins the ranges is a tree
     * without long branches, since readers follow it by recursion.
     *
     * @param blocks at least one, ascending
     * @param range a condition on the hash, which is from the first of these to the last
     */
    static <T> T condition(int[] blocks, int allBlocks, BiFunction<Long, Long, T> range, BinaryOperator<T> or) {
        List<T> ranges = new ArrayList<>();
        for (int i = 0; i < blocks.length; i++) {
            int first = blocks[i];
            while (i + 1 < blocks.length && blocks[i + 1] == blocks[i] + 1) {
                i++;
            }
            ranges.add(range.apply(OrderHash.first(first, allBlocks), OrderHash.last(blocks[i], allBlocks)));
        }
        return any(ranges, or);
    }

    private static <T> T any(List<T> some, BinaryOperator<T> or) {
        int half = some.size() / 2;
        return half == 0
                ? some.get(0)
                : or.apply(any(some.subList(0, half), or), any(some.subList(half, some.size()), or));
    }
}
