package io.glossa.trainer.runtime.cuda;

import com.sun.jna.Pointer;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Type;
import io.glossa.trainer.runtime.host.NativeArray;
import io.glossa.trainer.runtime.host.ProgramPlan;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Values of a program in one block of memory, so that one copy takes them all. */
record Packed(Map<String, Item> items, long bytes) {
    private static final long ALIGNMENT = 256;

    record Item(Type type, ProgramPlan.Place place, long offset) {}

    static Packed of(Map<String, ProgramPlan.Slot> slots) {
        Map<String, Item> items = new LinkedHashMap<>();
        long bytes = 0;
        for (Map.Entry<String, ProgramPlan.Slot> slot : slots.entrySet()) {
            Type type = slot.getValue().type();
            items.put(slot.getKey(), new Item(type, slot.getValue().place(), bytes));
            bytes += room(type);
        }
        return new Packed(items, bytes);
    }

    /** Bytes from where such a value begins to where the next one may. */
    static long room(Type type) {
        return (type.bytes() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /** @param values by name */
    void write(Pointer block, Function<String, HostTensor> values) {
        items.forEach((name, item) -> NativeArray.write(block.share(item.offset()), values.apply(name)));
    }

    Map<String, HostTensor> read(Pointer block) {
        Map<String, HostTensor> values = new LinkedHashMap<>();
        items.forEach((name, item) -> values.put(name, NativeArray.read(block.share(item.offset()), item.type())));
        return values;
    }
}
