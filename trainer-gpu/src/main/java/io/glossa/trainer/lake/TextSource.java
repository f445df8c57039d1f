package io.glossa.trainer.lake;

import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.data.Census;
import io.glossa.trainer.data.Example;
import java.util.List;

/**
 * Texts that nobody spoke, as utterances without features.
 *
 * @param snapshot of {@code sentences} that they are from
 * @param census of just these texts
 */
public record TextSource(long snapshot, Labels texts, Census census) implements BatchSource {
    @Override
    public List<List<Example>> cells(int bucket, int[] blocks) {
        if (blocks.length == 0) {
            return List.of();
        }
        return texts.cells(bucket, blocks, census.blocks()).stream()
                .map(cell -> cell.stream()
                        .map(text -> new Example(text, new byte[0]))
                        .toList())
                .toList();
    }
}
