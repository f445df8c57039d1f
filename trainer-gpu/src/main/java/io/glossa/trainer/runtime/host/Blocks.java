package io.glossa.trainer.runtime.host;

import io.glossa.error.GlossaException;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The tensors of a state by name. What is asked of one that is not there, or is of another type, is an error of type
 * INTERNAL.
 *
 * @param <T> the memory of a tensor
 */
public final class Blocks<T> {
    /** A tensor in memory. */
    public record Block<T>(Type type, T memory) {}

    private final Map<String, Block<T>> blocks = new LinkedHashMap<>();

    public void add(String name, Type type, T memory) {
        blocks.put(name, new Block<>(type, memory));
    }

    public Set<String> names() {
        return blocks.keySet();
    }

    public void forEach(BiConsumer<String, Block<T>> action) {
        blocks.forEach(action);
    }

    public Block<T> get(String name) {
        Block<T> block = blocks.get(name);
        if (block == null) {
            throw GlossaException.internal("Cannot find '" + name + "' in the state: expected one of " + names());
        }
        return block;
    }

    /** The memory that a value is to be written to. */
    public T target(String name, HostTensor value) {
        Block<T> block = get(name);
        if (!block.type().equals(value.type())) {
            throw GlossaException.internal(
                    "Cannot set '" + name + "': found " + value.type() + ", expected " + block.type());
        }
        return block.memory();
    }

    /** Refuses a tensor of another type than a program expects. */
    public void require(String name, Type type) {
        if (!get(name).type().equals(type)) {
            throw GlossaException.internal(
                    "Cannot bind '" + name + "': found " + get(name).type() + " in the state, expected " + type);
        }
    }

    /** All memory, of which this knows nothing from now on. */
    public List<T> release() {
        List<T> all = new ArrayList<>();
        blocks.values().forEach(block -> all.add(block.memory()));
        blocks.clear();
        return all;
    }
}
