package io.glossa.trainer.runtime.cuda;

import com.sun.jna.Pointer;
import io.glossa.error.GlossaException;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Type;
import io.glossa.trainer.runtime.host.NativeArray;
import io.glossa.trainer.runtime.host.ProgramPlan;
import java.util.LinkedHashMap;
import java.util.Map;

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
            bytes += (type.bytes() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        }
        return new Packed(items, bytes);
    }

    /** @throws GlossaException of type INTERNAL that names a value which is missing or misshapen */
    void write(String program, Pointer block, Map<String, HostTensor> values) {
        items.forEach((name, item) -> {
            HostTensor value = values.get(name);
            if (value == null || !value.type().equals(item.type())) {
                throw GlossaException.internal("Cannot run program '" + program + "': batch input '" + name + "' is "
                        + (value == null ? "missing" : value.type()) + ", expected " + item.type());
            }
            NativeArray.write(block.share(item.offset()), value);
        });
    }

    Map<String, HostTensor> read(Pointer block) {
        Map<String, HostTensor> values = new LinkedHashMap<>();
        items.forEach((name, item) -> values.put(name, NativeArray.read(block.share(item.offset()), item.type())));
        return values;
    }
}
