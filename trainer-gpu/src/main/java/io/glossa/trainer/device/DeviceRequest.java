package io.glossa.trainer.device;

import io.glossa.config.Nearest;
import io.glossa.error.GlossaException;
import io.glossa.trainer.data.Rank;
import io.glossa.trainer.ranks.Peers;
import io.glossa.trainer.runtime.Communicator;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Dumps;
import io.glossa.trainer.runtime.cpu.CpuDevice;
import io.glossa.trainer.runtime.cuda.CudaDevice;
import io.glossa.trainer.runtime.reference.ReferenceDevice;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/**
 * What a program is to run on.
 *
 * @param name {@code reference}: plain Java, slow; {@code cpu}; {@code cuda}: an NVIDIA GPU; {@code emit-only}: what
 *     {@code cuda} would run, emulated on the processor, slow
 * @param threads of the processor, at least 1
 * @param address which of the machine's GPUs, as CUDA counts them: "0" is the first
 * @param cache folder of compiled programs
 */
public record DeviceRequest(
        String name, int threads, String address, Compile.Options options, Dumps dumps, Path cache) {
    public static final List<String> NAMES = List.of("cpu", "cuda", "reference", "emit-only");

    /** @throws GlossaException of type USER if there is no device of this name */
    public DeviceRequest {
        if (!NAMES.contains(name)) {
            throw GlossaException.user("Cannot use device '" + name + "': expected one of " + String.join(", ", NAMES)
                    + Nearest.hint(name, NAMES));
        }
        if (threads < 1) {
            throw GlossaException.user("Cannot use " + threads + " threads, expected at least 1");
        }
    }

    /** Whether it is, or stands in for, one of the machine's GPUs: only then does the address say anything. */
    public boolean isGpu() {
        return name.equals("cuda") || name.equals("emit-only");
    }

    /** With all cores, the first GPU, the compiler's defaults and the usual cache. */
    public static DeviceRequest of(String name) {
        return new DeviceRequest(
                name,
                Runtime.getRuntime().availableProcessors(),
                "0",
                Compile.Options.DEFAULTS,
                Dumps.NONE,
                defaultCache());
    }

    /** Where compiled programs go unless told otherwise: GLOSSA_CACHE, or the user's cache folder. */
    public static Path defaultCache() {
        return CpuDevice.defaultCache();
    }

    public DeviceRequest withThreads(int other) {
        return new DeviceRequest(name, other, address, options, dumps, cache);
    }

    public DeviceRequest withAddress(String other) {
        return new DeviceRequest(name, threads, other, options, dumps, cache);
    }

    public DeviceRequest with(Compile.Options other) {
        return new DeviceRequest(name, threads, address, other, dumps, cache);
    }

    public DeviceRequest with(Dumps other) {
        return new DeviceRequest(name, threads, address, options, other, cache);
    }

    public DeviceRequest withCache(Path other) {
        return new DeviceRequest(name, threads, address, options, dumps, other);
    }

    /**
     * The device, on the machine where this is called. The caller closes it.
     *
     * @throws GlossaException of type RESOURCE if the machine has no such device, or lacks a library for it
     */
    public Device open() {
        return open(Communicator.NONE);
    }

    /**
     * As above, for one of several processes that train together. All must open theirs before any of them goes on.
     *
     * @param ranks of what all have told by {@link #tell}
     * @throws GlossaException of type USER if devices of this kind do not train together, of type RESOURCE if the others are
     *     not found
     */
    public Device open(Communicator ranks) {
        if (ranks.rank().count() > 1 && name.equals("reference")) {
            throw GlossaException.user(
                    "Cannot train on " + ranks.rank().count() + " devices 'reference' together, expected cpu or cuda");
        }
        return switch (name) {
            case "reference" -> new ReferenceDevice();
            case "cpu" -> CpuDevice.open(threads, cache, options, dumps, ranks);
            case "emit-only" -> CudaDevice.emulated(address, cache, options, dumps, ranks);
            default -> CudaDevice.open(address, cache, options, dumps, ranks);
        };
    }

    /**
     * What a rank must tell all others, so that they find it; empty if there is nothing to tell.
     *
     * @param host this machine, as the others call it
     */
    public String tell(Rank rank, String host) {
        return switch (name) {
            case "cpu" -> Peers.listen(host);
            case "cuda" -> rank.index() == 0 ? CudaDevice.communicatorId() : "";
            default -> rank.index() == 0 ? UUID.randomUUID().toString() : "";
        };
    }
}
