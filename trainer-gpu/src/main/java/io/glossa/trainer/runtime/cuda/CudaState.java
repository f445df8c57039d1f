package io.glossa.trainer.runtime.cuda;

import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.LazyTensor;
import io.glossa.trainer.ir.Type;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.runtime.host.Blocks;
import io.glossa.trainer.runtime.host.NativeArray;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** A model's tensors in one block of a GPU's memory, and the memory that its programs use in turn. */
final class CudaState implements State {
    private final Gpu gpu;
    private final Blocks<Long> blocks = new Blocks<>();
    private final long all;
    private final Region arena;
    private final Region workspace;

    CudaState(Gpu gpu, Map<String, LazyTensor> values) {
        this.gpu = gpu;
        arena = new Region(gpu);
        workspace = new Region(gpu);
        all = gpu.allocate(values.values().stream()
                .mapToLong(tensor -> Packed.room(tensor.type()))
                .sum());
        try {
            long next = all;
            for (Map.Entry<String, LazyTensor> entry : values.entrySet()) {
                Type type = entry.getValue().type();
                blocks.add(entry.getKey(), type, next);
                put(entry.getKey(), entry.getValue().value());
                next += Packed.room(type);
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    @Override
    public Set<String> names() {
        return blocks.names();
    }

    @Override
    public HostTensor get(String name) {
        Blocks.Block<Long> block = blocks.get(name);
        try (NativeArray copy = NativeArray.allocate(block.type().bytes())) {
            gpu.read(copy.address(), block.memory(), copy.bytes());
            return NativeArray.read(copy.address(), block.type());
        }
    }

    @Override
    public void put(String name, HostTensor value) {
        long address = blocks.target(name, value);
        try (NativeArray copy = NativeArray.of(value)) {
            gpu.write(address, copy.address(), copy.bytes());
        }
    }

    /** Refuses a tensor of another type than a program expects. */
    void require(String name, Type type) {
        blocks.require(name, type);
    }

    long address(String name) {
        return blocks.get(name).memory();
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
                gpu.read(copy.address(), block.memory(), copy.bytes());
            });
            T result = work.get();
            copies.forEach((name, copy) -> gpu.write(address(name), copy.address(), copy.bytes()));
            return result;
        } finally {
            copies.values().forEach(NativeArray::close);
        }
    }

    @Override
    public void close() {
        gpu.free(all);
        arena.close();
        workspace.close();
    }
}
