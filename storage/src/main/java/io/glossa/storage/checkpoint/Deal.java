package io.glossa.storage.checkpoint;

import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which rank writes which tensor.
 *
 * @param owners index of the rank by the tensor's name; of a shared one the first rank
 * @param shared tensors of which each rank writes a part
 * @param bytes of all tensors
 */
public record Deal(Map<String, Integer> owners, Set<String> shared, long bytes) {
    public Deal {
        owners = Map.copyOf(owners);
        shared = Set.copyOf(shared);
    }

    /**
     * Deals tensors so that all ranks write about as many bytes: the largest first, each to who has least. It is the same for
     * all who ask.
     *
     * @param bytes of each tensor by its name
     * @param shared those of them of which all ranks have a part, and which are not dealt
     */
    public static Deal of(Map<String, Long> bytes, Set<String> shared, int ranks) {
        Map<String, Integer> owners = new TreeMap<>();
        shared.forEach(name -> owners.put(name, 0));
        long[] dealt = new long[ranks];
        bytes.entrySet().stream()
                .filter(tensor -> !shared.contains(tensor.getKey()))
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
                owners,
                shared,
                bytes.values().stream().mapToLong(Long::longValue).sum());
    }

    /** Whether a rank writes a tensor, all of it. */
    public boolean gives(int rank, String name) {
        return owners.getOrDefault(name, -1) == rank && !shared.contains(name);
    }
}
