package io.glossa.trainer.plan;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.glossa.config.Nearest;
import io.glossa.error.GlossaException;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.runtime.DeviceMemory;
import io.glossa.trainer.runtime.Target;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** What one rank computes on, of {@code deploy/presets/device}. */
public record DevicePreset(String name, String title, Target target, Memory memory, Kernels kernels, Links links) {
    private static final List<String> PRESETS = List.of("cpu", "h100", "h200");

    /** Of a machine's memory, what its kernel, its file cache and all other processes keep. */
    private static final double SYSTEM = 0.1;

    private static final ObjectMapper MAPPER =
            new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE);

    /**
     * Bytes.
     *
     * @param all of the device
     * @param idle what a process takes that has opened it
     * @param process what a process that trains takes besides and beside its program, whatever that is
     */
    public record Memory(Rate all, Rate idle, Rate process) {}

    /**
     * What kernels reach.
     *
     * @param fp32 products of F32 numbers, FLOP/s; and so are the next two
     * @param attention FLOP/s of hand-written kernels whose work is in products
     * @param memory bytes per second that all other kernels read and write
     * @param launch seconds from one kernel to the next
     */
    public record Kernels(Rate fp32, Rate bf16, Rate fp8, Rate attention, Rate memory, Rate launch) {
        double product(DType operands) {
            return switch (operands) {
                case BF16 -> bf16.value();
                case F8 -> fp8.value();
                default -> fp32.value();
            };
        }
    }

    /** The names of the presets. */
    public static List<String> presets() {
        return PRESETS;
    }

    /** @throws GlossaException of type USER that names the nearest preset where there is none of this name */
    public static DevicePreset of(String name) {
        if (!PRESETS.contains(name)) {
            throw GlossaException.user("Cannot plan for device '" + name + "': no such preset, expected one of "
                    + String.join(", ", PRESETS) + Nearest.hint(name, PRESETS));
        }
        String resource = "/io/glossa/presets/device/" + name + ".json";
        try (InputStream in = DevicePreset.class.getResourceAsStream(resource)) {
            return MAPPER.readValue(in, DevicePreset.class);
        } catch (IOException e) {
            throw GlossaException.internal(
                            "Cannot read device preset '" + name + "' from " + resource + ": " + e.getMessage())
                    .causedBy(e);
        }
    }

    /** The same with another memory, in bytes. */
    public DevicePreset withMemory(long bytes) {
        Memory other = new Memory(new Rate(bytes, Rate.Basis.ASSUMED, "as asked for"), memory.idle(), memory.process());
        return new DevicePreset(name, title, target, other, kernels, links);
    }

    /** The same with so many ranks on a machine. */
    public DevicePreset withRanksPerMachine(int ranks) {
        return new DevicePreset(name, title, target, memory, kernels, links.withRanksPerMachine(ranks));
    }

    /** Bytes that a process leaves free: on a processor, to the system. */
    public long margin() {
        return target == Target.CUDA ? DeviceMemory.spare(opened()) : (long) (SYSTEM * opened());
    }

    /** Bytes for programs. */
    public long free() {
        return Math.max(0, opened() - margin() - process());
    }

    /** Bytes that a process grows by beside its program. */
    public long process() {
        return (long) memory.process().value();
    }

    private long opened() {
        return (long) (memory.all().value() - memory.idle().value());
    }
}
