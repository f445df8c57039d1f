package io.glossa.trainer.runtime;

import io.glossa.trainer.ir.HostTensor;
import java.util.Map;

/** A batch on its way to a device, for one run. Closing it gives back its place, whether it was run or not. */
public interface Staged extends AutoCloseable {
    /** The values that were staged. */
    Map<String, HostTensor> values();

    @Override
    void close();

    /** A batch that stays in Java's memory until it is run. */
    record Held(Map<String, HostTensor> values) implements Staged {
        @Override
        public void close() {}
    }
}
