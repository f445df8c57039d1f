package io.glossa.trainer.runtime;

import io.glossa.trainer.ir.HostTensor;
import java.util.Set;

/** What a model carries between calls, by name, in a device's memory. Shared by all its programs. */
public interface State extends AutoCloseable {
    Set<String> names();

    /** A copy of the present value. */
    HostTensor get(String name);

    void put(String name, HostTensor value);

    @Override
    void close();
}
