package io.glossa.trainer.data;

import io.glossa.error.GlossaException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where training stands: all that a resume needs beside the tensors.
 *
 * @param snapshot the data, by its id
 * @param seed of the order and of all random numbers
 * @param step steps done since the start
 * @param epoch passes over the data that are done
 * @param position steps done in this epoch
 */
public record Cursor(long snapshot, long seed, long step, int epoch, int position) {
    public static Cursor start(long snapshot, long seed) {
        return new Cursor(snapshot, seed, 0, 0, 0);
    }

    /** After one more step, in epochs of so many. */
    public Cursor next(int stepsPerEpoch) {
        boolean ends = position + 1 == stepsPerEpoch;
        return new Cursor(snapshot, seed, step + 1, ends ? epoch + 1 : epoch, ends ? 0 : position + 1);
    }

    public Map<String, Long> toMap() {
        Map<String, Long> map = new LinkedHashMap<>();
        map.put("snapshot", snapshot);
        map.put("seed", seed);
        map.put("step", step);
        map.put("epoch", (long) epoch);
        map.put("position", (long) position);
        return map;
    }

    public static Cursor of(Map<String, Long> map) {
        return new Cursor(
                map.get("snapshot"),
                map.get("seed"),
                map.get("step"),
                Math.toIntExact(map.get("epoch")),
                Math.toIntExact(map.get("position")));
    }

    /** @throws GlossaException of type USER that names both snapshots, if this cursor belongs to another */
    public void requireSnapshot(long current) {
        if (snapshot != current) {
            throw GlossaException.user("Cannot resume training: the checkpoint read snapshot " + snapshot
                    + ", found snapshot " + current + ", expected the same data (name the snapshot, or start anew in "
                    + "another folder)");
        }
    }
}
