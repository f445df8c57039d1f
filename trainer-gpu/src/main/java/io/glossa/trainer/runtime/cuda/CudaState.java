package io.glossa.trainer.runtime.cuda;

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

/** A model's tensors in a GPU's memory, one block each, and the memory that its programs use in turn. */
final class CudaState implements State {
    private record Block(Type type, long address) {}

    private final Gpu gpu;
    private final Map<String, Block> blocks = new LinkedHashMap<>();
    private final Region arena;
    private final Region workspace;

    CudaState(Gpu gpu, Map<String, Supplier<HostTensor>> values) {
        this.gpu = gpu;
        arena = new Region(gpu);
        workspace = new Region(gpu);
        try {
            values.forEach((name, made) -> {
                HostTensor value = made.get();
                blocks.put(
                        name, new Block(value.type(), gpu.allocate(value.type().bytes())));
                put(name, value);
            });
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    @Override
    public Set<String> names() {
        return blocks.keySet();
    }

    @Override
    public HostTensor get(String name) {
        Block block = block(name);
        try (NativeArray copy = NativeArray.allocate(block.type().bytes())) {
            gpu.read(copy.address(), block.address(), copy.bytes());
            return NativeArray.read(copy.address(), block.type());
        }
    }

    @Override
    public void put(String name, HostTensor value) {
        Block block = block(name);
        if (!block.type().equals(value.type())) {
            throw GlossaException.internal(
                    "Cannot set '" + name + "': found " + value.type() + ", expected " + block.type());
        }
        try (NativeArray copy = NativeArray.of(value)) {
            gpu.write(block.address(), copy.address(), copy.bytes());
        }
    }

    /** Refuses a tensor of another type than a program expects. */
    void require(String name, Type type) {
        if (!block(name).type().equals(type)) {
            throw GlossaException.internal("Cannot bind '" + name + "': the state has "
                    + block(name).type() + ", the program expected " + type);
        }
    }

    long address(String name) {
        return block(name).address();
    }

    /** Memory for activations, which may be elsewhere after a larger program asked for more. */
    long arena(long bytes) {
        return arena.atLeast(bytes);
    }

    /** Scratch memory, as above. */
    long workspace(long bytes) {
        return workspace.atLeast(bytes);
    }

    /** Does something, and puts all tensors back as they were before, from the machine's memory. */
    <T> T restoring(Supplier<T> work) {
        Map<String, NativeArray> copies = new LinkedHashMap<>();
        try {
            blocks.forEach((name, block) -> {
                NativeArray copy = NativeArray.allocate(block.type().bytes());
                copies.put(name, copy);
                gpu.read(copy.address(), block.address(), copy.bytes());
            });
            T result = work.get();
            copies.forEach((name, copy) -> gpu.write(address(name), copy.address(), copy.bytes()));
            return result;
        } finally {
            copies.values().forEach(NativeArray::close);
        }
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
        List<Block> all = new ArrayList<>(blocks.values());
        blocks.clear();
        all.forEach(block -> gpu.free(block.address()));
        arena.close();
        workspace.close();
    }
}
