package io.glossa.trainer.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.data.Census;
import io.glossa.trainer.data.Example;
import io.glossa.trainer.data.Utterance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CellCacheTest {
    private static final int CELL_BYTES = 100;

    /** A source of cells of one utterance each, which notes what is read. */
    private static final class Noted implements BatchSource {
        final List<Integer> read = new ArrayList<>();

        @Override
        public long snapshot() {
            return 7;
        }

        @Override
        public Census census() {
            throw new AssertionError("not asked for");
        }

        @Override
        public List<List<Example>> cells(int bucket, int[] blocks) {
            Arrays.stream(blocks).forEach(read::add);
            return Arrays.stream(blocks).mapToObj(block -> cell(bucket, block)).toList();
        }
    }

    private static List<Example> cell(int bucket, int block) {
        byte[] logmel = new byte[CELL_BYTES];
        logmel[0] = (byte) bucket;
        logmel[1] = (byte) block;
        return List.of(new Example(new Utterance("u" + block, 1, new int[0]), logmel));
    }

    private final CellCache cache = new CellCache(2 * CELL_BYTES + 1);
    private final Noted source = new Noted();
    private final BatchSource cached = cache.over(source);

    @Test
    void whatCameFirstIsNotReadAgain() {
        assertCells(0, 1, 2, 3);
        assertCells(0, 1, 2, 3, 4);
        assertThat(source.read).containsExactly(1, 2, 3, 3, 4);
    }

    @Test
    void cellsOfAnotherBucketAreOthers() {
        assertCells(0, 1);
        assertCells(1, 1);
        assertCells(0, 1);
        assertCells(1, 1);
        assertThat(source.read).containsExactly(1, 1);
    }

    @Test
    void sourcesShareIt() {
        assertCells(0, 1, 2);
        Noted other = new Noted();
        cache.over(other).cells(0, new int[] {5});
        cache.over(other).cells(0, new int[] {5});
        assertThat(other.read).containsExactly(5, 5);
    }

    private void assertCells(int bucket, int... blocks) {
        List<List<Example>> found = cached.cells(bucket, blocks);
        assertThat(found).hasSize(blocks.length);
        for (int i = 0; i < blocks.length; i++) {
            byte[] logmel = found.get(i).get(0).logmel();
            assertThat(List.of((int) logmel[0], (int) logmel[1])).containsExactly(bucket, blocks[i]);
        }
    }
}
