package io.glossa.trainer.runtime.cpu;

import com.sun.jna.Pointer;
import io.glossa.error.GlossaException;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Type;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.runtime.host.NativeArray;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** A model's tensors in native memory, one block each, so that programs can hold their addresses. */
final class CpuState implements State {
    private record Block(Type type, NativeArray array) {}

    private final Map<String, Block> blocks = new LinkedHashMap<>();
    private final List<NativeArray> arenas = new ArrayList<>();

    CpuState(Map<String, Supplier<HostTensor>> values) {
        values.forEach((name, made) -> {
            HostTensor value = made.get();
            blocks.put(name, new Block(value.type(), NativeArray.of(value)));
        });
    }

    CpuState copy() {
        Map<String, Supplier<HostTensor>> values = new LinkedHashMap<>();
        names().forEach(name -> values.put(name, () -> get(name)));
        return new CpuState(values);
    }

    @Override
    public Set<String> names() {
        return blocks.keySet();
    }

    @Override
    public HostTensor get(String name) {
        Block block = block(name);
        return NativeArray.read(block.array().address(), block.type());
    }

    @Override
    public void put(String name, HostTensor value) {
        Block block = block(name);
        if (!block.type().equals(value.type())) {
            throw GlossaException.internal(
                    "Cannot set '" + name + "': found " + value.type() + ", expected " + block.type());
        }
        NativeArray.write(block.array().address(), value);
    }

    /** Refuses a tensor of another type than a program expects. */
    void require(String name, Type type) {
        if (!block(name).type().equals(type)) {
            throw GlossaException.internal("Cannot bind '" + name + "': the state has "
                    + block(name).type() + ", the program expected " + type);
        }
    }

    long address(String name) {
        return Pointer.nativeValue(block(name).array().address());
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

    private Block block(String name) {
        Block block = blocks.get(name);
        if (block == null) {
            throw GlossaException.internal("Cannot find '" + name + "' in the state: expected one of " + names());
        }
        return block;
    }

    @Override
    public void close() {
        blocks.values().forEach(block -> block.array().close());
        blocks.clear();
        arenas.forEach(NativeArray::close);
        arenas.clear();
    }
}
