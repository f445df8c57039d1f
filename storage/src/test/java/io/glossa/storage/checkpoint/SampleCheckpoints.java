package io.glossa.storage.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.storage.Folder;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** A small checkpoint, whole or as so many ranks have it, a parameter and the optimizer's state cut into flat ranges. */
final class SampleCheckpoints {
    private static final String SHARED = "encoder.w";

    private SampleCheckpoints() {}

    static Checkpoint of(long step) {
        return new Checkpoint(
                step,
                Map.of(
                        "encoder.w", tensor(step, 4, 6),
                        "encoder.b", tensor(step + 1, 6),
                        "head", tensor(step + 2, 2)),
                Map.of("encoder.w.m", tensor(step + 3, 4, 6), "usage", Tensor.bf16(new float[] {1, step}, 2)),
                new CheckpointMeta(step, "ctc", Map.of("a", "b"), Map.of(), Map.of(), Map.of()));
    }

    static Share share(long step, int rank, int ranks, String attempt) {
        Checkpoint whole = of(step);
        Map<String, Long> bytes = new HashMap<>();
        whole.model().forEach((name, tensor) -> bytes.put(name, tensor.bytes()));
        Set<String> shared = ranks == 1 ? Set.of() : Set.of(SHARED);
        Deal deal = Deal.of(bytes, shared, ranks);
        Map<String, TensorRange> model = TensorRange.whole(whole.model());
        model.keySet().removeIf(name -> !deal.gives(rank, name));
        shared.forEach(name -> model.put(name, range(whole.model().get(name), rank, ranks)));
        Map<String, TensorRange> optimizer = new HashMap<>();
        whole.optimizer().forEach((name, tensor) -> optimizer.put(name, range(tensor, rank, ranks)));
        return new Share(new Part(rank, ranks, attempt), deal, model, optimizer, whole.meta());
    }

    /** All ranks, one after another. */
    static Folder write(Folder dir, long step, int ranks, String attempt) {
        for (int rank = 1; rank < ranks; rank++) {
            Checkpoints.write(dir, share(step, rank, ranks, attempt));
        }
        return Checkpoints.write(dir, share(step, 0, ranks, attempt));
    }

    static void requireSame(Checkpoint found, long step) {
        Checkpoint expected = of(step);
        assertThat(found.meta()).isEqualTo(expected.meta());
        requireSame(found.model(), expected.model());
        requireSame(found.optimizer(), expected.optimizer());
    }

    private static void requireSame(Map<String, Tensor> found, Map<String, Tensor> expected) {
        assertThat(found).containsOnlyKeys(expected.keySet());
        expected.forEach((name, tensor) -> {
            assertThat(found.get(name).dtype()).isEqualTo(tensor.dtype());
            assertThat(found.get(name).shape()).isEqualTo(tensor.shape());
            assertThat(found.get(name).floats()).as(name).isEqualTo(tensor.floats());
        });
    }

    private static TensorRange range(Tensor tensor, int rank, int ranks) {
        float[] all = tensor.floats();
        int from = all.length * rank / ranks;
        int to = all.length * (rank + 1) / ranks;
        int width = Tensor.elementBytes(tensor.dtype());
        ByteBuffer data = tensor.data().slice(from * width, (to - from) * width);
        Tensor elements = ranks == 1 ? tensor : new Tensor(tensor.dtype(), new long[] {to - from}, data);
        return new TensorRange(tensor.shape(), from, elements);
    }

    private static Tensor tensor(float first, long... shape) {
        float[] values = new float[(int) (shape.length == 2 ? shape[0] * shape[1] : shape[0])];
        for (int i = 0; i < values.length; i++) {
            values[i] = first + i / 8f;
        }
        return Tensor.of(values, shape);
    }
}
