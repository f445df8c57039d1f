package io.glossa.trainer.fuse;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Which groups need which, directly or through others. Both directions are kept closed under every new need, since fusion
 * asks far more often than it adds.
 */
final class Needs {
    private final List<BitSet> below = new ArrayList<>();
    private final List<BitSet> above = new ArrayList<>();

    /** The number of a new group, which needs nothing yet. */
    int enter() {
        below.add(new BitSet());
        above.add(new BitSet());
        return below.size() - 1;
    }

    void add(int user, int needed) {
        if (reaches(user, needed)) {
            return;
        }
        BitSet users = with(above.get(user), user);
        BitSet all = with(below.get(needed), needed);
        // Who reaches the needed group already reaches all below it; what has nothing below it is one bit.
        for (int group = users.nextSetBit(0); group >= 0; group = users.nextSetBit(group + 1)) {
            if (below.get(needed).isEmpty()) {
                below.get(group).set(needed);
            } else if (!reaches(group, needed)) {
                below.get(group).or(all);
            }
        }
        all.stream().forEach(group -> above.get(group).or(users));
    }

    boolean reaches(int user, int needed) {
        return below.get(user).get(needed);
    }

    private static BitSet with(BitSet set, int number) {
        BitSet copy = (BitSet) set.clone();
        copy.set(number);
        return copy;
    }
}
