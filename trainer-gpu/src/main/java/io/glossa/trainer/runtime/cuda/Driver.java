package io.glossa.trainer.runtime.cuda;

import com.sun.jna.Pointer;
import io.glossa.error.GlossaException;
import java.util.Set;

/** The driver's functions, whose refusals become errors. */
final class Driver {
    private static final int OUT_OF_MEMORY = 2;
    private static final int NO_DEVICE = 100;
    private static final int NO_BINARY_FOR_GPU = 209;
    private static final int UNSUPPORTED_PTX_VERSION = 222;
    private static final int SYSTEM_DRIVER_MISMATCH = 803;

    /** After these nothing works any more in this process: the device or what it computes with is gone. */
    private static final Set<Integer> LOST =
            Set.of(214, 220, 226, 700, 702, 709, 710, 714, 715, 716, 717, 718, 719, 721, 810, 999);

    private final Native library;

    Driver(Native library) {
        this.library = library;
    }

    /** @throws GlossaException of type RESOURCE if there is no GPU, or the driver does not work */
    static Driver initialized(Native library) {
        Driver driver = new Driver(library);
        int status = library.call("cuInit", 0);
        if (status == NO_DEVICE) {
            throw GlossaException.resource("Cannot use a GPU: the driver found none, expected at least one (is"
                    + " CUDA_VISIBLE_DEVICES empty, or the container started without GPUs?)");
        }
        driver.check("use a GPU", status);
        return driver;
    }

    String path() {
        return library.path();
    }

    DriverVersion version() {
        return DriverVersion.of(number("read the driver's version", "cuDriverGetVersion"));
    }

    /** @param doing what for, as in "Cannot copy to the GPU" */
    void call(String doing, String function, Object... arguments) {
        check(doing, library.call(function, arguments));
    }

    /** Whether it did what was asked; for what may fail. */
    int tried(String function, Object... arguments) {
        return library.call(function, arguments);
    }

    /** What a function writes first. */
    int number(String doing, String function, Object... more) {
        int[] out = new int[1];
        call(doing, function, Native.with(out, more));
        return out[0];
    }

    /** A handle or an address. */
    long handle(String doing, String function, Object... more) {
        long[] out = new long[1];
        call(doing, function, Native.with(out, more));
        return out[0];
    }

    static boolean isOutOfMemory(int status) {
        return status == OUT_OF_MEMORY;
    }

    void check(String doing, int status) {
        if (status == 0) {
            return;
        }
        String found = "Cannot " + doing + ": the driver said " + name(status);
        if (LOST.contains(status)) {
            throw GlossaException.resource(found + ", expected the GPU to go on; nothing more can run on it in this"
                    + " process (checkpoints that were written are whole: start again to go on from the last)");
        }
        throw switch (status) {
            case UNSUPPORTED_PTX_VERSION, SYSTEM_DRIVER_MISMATCH ->
                GlossaException.resource(
                        found + ", expected a driver that is not older than CUDA's libraries (update the"
                                + " driver, or install libraries for CUDA " + version() + ")");
            case NO_BINARY_FOR_GPU ->
                GlossaException.resource(
                        found + ", expected code for this GPU's architecture (install newer CUDA libraries)");
            default -> GlossaException.resource(found + ", expected success");
        };
    }

    private String name(int status) {
        long[] text = new long[1];
        return library.call("cuGetErrorName", status, text) == 0 && text[0] != 0
                ? new Pointer(text[0]).getString(0) + " (" + status + ")"
                : "error " + status;
    }
}
