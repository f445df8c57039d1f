package io.glossa.trainer.train;

import io.glossa.trainer.runtime.Device;

/** How long a rank takes for its parts of a step: what it waits for the others is not its own. */
final class OwnTime {
    private final Device device;
    private final long parts;
    private double seconds;
    private double awaited;

    /** @param parts that this rank computes of each batch */
    OwnTime(Device device, long parts) {
        this.device = device;
        this.parts = Math.max(1, parts);
    }

    /** A step begins. */
    void begin() {
        awaited = device.awaitedSeconds();
        seconds = System.nanoTime() * 1e-9;
    }

    /** A step has ended: its seconds. */
    double end() {
        seconds = System.nanoTime() * 1e-9 - seconds;
        return seconds;
    }

    /** Of the last step, for each part. */
    double perPart() {
        return (seconds - (device.awaitedSeconds() - awaited)) / parts;
    }
}
