package io.glossa.trainer.data;

import io.glossa.storage.OrderHash;

/** A random order that is the same on every machine and for ever: SplitMix64 (Steele et al. 2014) and Fisher-Yates. */
final class Order {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private long state;

    /** @param keys what the order is a function of */
    Order(long... keys) {
        for (long key : keys) {
            state = OrderHash.mix(state + GOLDEN + key);
        }
    }

    /** A number as good as random that is a function of a name and some keys. */
    static long hash(String name, long... keys) {
        Order order = new Order(keys);
        name.chars().forEach(each -> order.state = OrderHash.mix(order.state + GOLDEN + each));
        return order.state;
    }

    void shuffle(int[] values) {
        for (int i = values.length - 1; i > 0; i--) {
            int other = below(i + 1);
            int kept = values[i];
            values[i] = values[other];
            values[other] = kept;
        }
    }

    /** The high bits of a product, which favour no number by more than 2^-32. */
    private int below(int bound) {
        state += GOLDEN;
        return (int) (((OrderHash.mix(state) >>> 32) * bound) >>> 32);
    }
}
