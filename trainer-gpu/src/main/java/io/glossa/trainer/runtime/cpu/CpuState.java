package io.glossa.trainer.runtime.cpu;

import com.sun.jna.Pointer;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.LazyTensor;
import io.glossa.trainer.ir.Type;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.runtime.host.Blocks;
import io.glossa.trainer.runtime.host.NativeArray;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A model's tensors in native memory, one block each, so that programs can hold their addresses. */
final class CpuState implements State {
    private final Blocks<NativeArray> blocks = new Blocks<>();
    private final List<NativeArray> arenas = new ArrayList<>();

    CpuState(Map<String, LazyTensor> values) {
        values.forEach((name, tensor) -> blocks.add(name, tensor.type(), NativeArray.of(tensor.value())));
    }

    CpuState copy() {
        Map<String, LazyTensor> values = new LinkedHashMap<>();
        names().forEach(name -> values.put(name, new LazyTensor(blocks.get(name).type(), () -> get(name))));
        return new CpuState(values);
    }

    @Override
    public Set<String> names() {
        return blocks.names();
    }

    @Override
    public HostTensor get(String name) {
        Blocks.Block<NativeArray> block = blocks.get(name);
        return NativeArray.read(block.memory().address(), block.type());
    }

    @Override
    public void put(String name, HostTensor value) {
        NativeArray.write(blocks.target(name, value).address(), value);
    }

    /** Refuses a tensor of another type than a program expects. */
    void require(String name, Type type) {
        blocks.require(name, type);
    }

    long address(String name) {
        return Pointer.nativeValue(blocks.get(name).memory().address());
    }

    /**
     * Memory for the activations of a program, shared by all programs of this state, since they run one at a time. A
     * larger one is added when a larger program comes; those bound before keep theirs.
     */
    Pointer arena(long bytes) {
        NativeArray last = arenas.isEmpty() ? null : arenas.get(arenas.size() - 1);
        if (last == null || last.bytes() < bytes) {
            last = NativeArray.allocate(bytes);
            arenas.add(last);
        }
        return last.address();
    }

    @Override
    public void close() {
        blocks.release().forEach(NativeArray::close);
        arenas.forEach(NativeArray::close);
        arenas.clear();
    }
}
