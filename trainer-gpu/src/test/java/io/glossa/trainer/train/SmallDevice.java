package io.glossa.trainer.train;

import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.LazyTensor;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.DeviceMemory;
import io.glossa.trainer.runtime.Executable;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.runtime.reference.ReferenceDevice;
import java.util.Map;
import java.util.Optional;

/** A reference device that says to have so much memory. */
record SmallDevice(DeviceMemory of) implements Device {
    @Override
    public String name() {
        return "small";
    }

    @Override
    public State allocate(Map<String, LazyTensor> values) {
        return new ReferenceDevice().allocate(values);
    }

    @Override
    public Executable load(String name, Graph graph) {
        return new ReferenceDevice().load(name, graph);
    }

    @Override
    public Optional<DeviceMemory> memory() {
        return Optional.of(of);
    }

    @Override
    public void close() {}
}
