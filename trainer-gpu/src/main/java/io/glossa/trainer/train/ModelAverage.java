package io.glossa.trainer.train;

import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import io.glossa.storage.checkpoint.Checkpoint;
import io.glossa.storage.checkpoint.CheckpointMeta;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.storage.checkpoint.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The mean of checkpoints of one training (Polyak and Juditsky 1992; of the last ones as in Vaswani et al. 2017, §6.1). */
public final class ModelAverage {
    /** The entry of the lineage that has the digests of what was averaged, newest first, with commas between. */
    public static final String PARENTS = "glossa.parents";

    private static final String DTYPE = "F32";

    /** Names in an error. */
    private static final int NAMED = 5;

    private ModelAverage() {}

    /**
     * Averages models in double precision, a tensor at a time when it is asked for. All else is the first one's, but for the
     * optimizer's state and metrics, which an average has none of.
     *
     * @param parents checkpoints, of which the first gives step and settings
     * @param base where the base of their adapters is, if they have some, and that is elsewhere than it was
     * @param lineage goes over that of the first
     * @throws GlossaException of type USER if they are not of one training, or their tensors differ in name or shape, or have
     *     other elements than F32
     */
    public static Checkpoint of(List<Folder> parents, Optional<Folder> base, Map<String, String> lineage) {
        List<Checkpoint> read =
                parents.stream().map(step -> Checkpoints.readModel(step, base)).toList();
        requireFloats(parents.get(0), read.get(0));
        for (int i = 1; i < read.size(); i++) {
            requireSame(parents.get(0), read.get(0), parents.get(i), read.get(i));
        }
        Map<String, Tensor> mean = new LinkedHashMap<>();
        for (String name : read.get(0).model().keySet()) {
            mean.put(
                    name,
                    mean(read.stream()
                            .map(checkpoint -> checkpoint.model().get(name))
                            .toList()));
        }
        CheckpointMeta first = read.get(0).meta();
        Map<String, String> made = new TreeMap<>(first.lineage());
        made.keySet().removeAll(List.of("glossa.run", "glossa.job-key"));
        made.putAll(lineage);
        made.put(PARENTS, parents.stream().map(Checkpoints::digest).collect(Collectors.joining(",")));
        CheckpointMeta meta = new CheckpointMeta(
                first.step(), first.kind(), first.config(), first.cursor(), Map.of(), made, first.base());
        return new Checkpoint(first.step(), mean, Map.of(), meta);
    }

    private static Tensor mean(List<Tensor> tensors) {
        Tensor first = tensors.get(0);
        return Tensor.lazy(DTYPE, first.shape(), () -> {
            double[] sums = new double[Math.toIntExact(first.bytes() / Float.BYTES)];
            for (Tensor tensor : tensors) {
                float[] values = tensor.floats();
                for (int i = 0; i < sums.length; i++) {
                    sums[i] += values[i];
                }
            }
            ByteBuffer mean = ByteBuffer.allocate(sums.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (double sum : sums) {
                mean.putFloat((float) (sum / tensors.size()));
            }
            return mean.flip();
        });
    }

    private static void requireFloats(Folder step, Checkpoint checkpoint) {
        checkpoint.model().forEach((name, tensor) -> {
            if (!tensor.dtype().equals(DTYPE)) {
                throw GlossaException.user("Cannot average " + step + ": " + name + " is " + text(tensor)
                        + ", expected " + DTYPE + ", as a training writes it");
            }
        });
    }

    private static void requireSame(Folder first, Checkpoint a, Folder other, Checkpoint b) {
        List<String> differing = new ArrayList<>();
        TreeSet<String> names = new TreeSet<>(a.model().keySet());
        names.addAll(b.model().keySet());
        for (String name : names) {
            String one = text(a.model().get(name));
            String two = text(b.model().get(name));
            if (!one.equals(two)) {
                differing.add(name + " is " + one + " and " + two);
            }
        }
        if (!differing.isEmpty()) {
            int more = Math.max(0, differing.size() - NAMED);
            throw refusal(
                    first,
                    other,
                    String.join(", ", differing.subList(0, differing.size() - more))
                            + (more == 0 ? "" : ", and " + more + " more"));
        }
        Map<String, String> ofA = TrainingSettings.common(a.meta());
        Map<String, String> ofB = TrainingSettings.common(b.meta());
        TreeSet<String> keys = new TreeSet<>(ofA.keySet());
        keys.addAll(ofB.keySet());
        keys.removeIf(key -> ofA.getOrDefault(key, "").equals(ofB.getOrDefault(key, "")));
        if (!keys.isEmpty()) {
            throw refusal(
                    first,
                    other,
                    keys.first() + "=" + ofA.get(keys.first()) + " and " + keys.first() + "=" + ofB.get(keys.first()));
        }
        if (!a.meta().kind().equals(b.meta().kind()) || !digest(a).equals(digest(b))) {
            throw refusal(
                    first,
                    other,
                    "kind " + a.meta().kind() + digest(a) + " and " + b.meta().kind() + digest(b));
        }
    }

    private static String digest(Checkpoint checkpoint) {
        return checkpoint.meta().base().map(base -> " on " + base.digest()).orElse("");
    }

    private static String text(Tensor tensor) {
        return tensor == null ? "missing" : tensor.dtype() + Arrays.toString(tensor.shape());
    }

    private static GlossaException refusal(Folder first, Folder other, String found) {
        return GlossaException.user(
                "Cannot average " + first + " and " + other + ": " + found + ", expected checkpoints of one training");
    }
}
