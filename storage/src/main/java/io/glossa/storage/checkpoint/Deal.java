package io.glossa.storage.checkpoint;

import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which rank writes which whole tensor.
 *
 * @param owners index of the rank by the tensor's name
 * @param bytes of all tensors
 */
public record Deal(Map<String, Integer> owners, long bytes) {
    public Deal {
        owners = Map.copyOf(owners);
    }

    /**
     * Deals tensors so that all ranks write about as many bytes: the largest first, each to who has least. It is the same for
     * all who ask.
     *
     * @param bytes of each tensor by its name
     */
    public static Deal of(Map<String, Long> bytes, int ranks) {
        Map<String, Integer> owners = new TreeMap<>();
        long[] dealt = new long[ranks];
        bytes.entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<String, Long> tensor) -> -tensor.getValue())
                        .thenComparing(Map.Entry::getKey))
                .forEach(tensor -> {
                    int least = 0;
                    for (int rank = 1; rank < ranks; rank++) {
                        least = dealt[rank] < dealt[least] ? rank : least;
                    }
                    dealt[least] += tensor.getValue();
                    owners.put(tensor.getKey(), least);
                });
        return new Deal(
                owners, bytes.values().stream().mapToLong(Long::longValue).sum());
    }

    /** Whether a rank writes a tensor. */
    public boolean gives(int rank, String name) {
        return owners.getOrDefault(name, -1) == rank;
    }
}
