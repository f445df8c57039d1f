package io.glossa.trainer.runtime.cuda;

import com.sun.jna.Memory;
import io.glossa.error.GlossaException;
import io.glossa.trainer.runtime.Precision;
import java.util.Locale;

/**
 * One of the machine's GPUs.
 *
 * @param device the driver's handle
 * @param capability its architecture as a number, 90 for sm_90
 */
record Card(int device, int capability) {
    private static final int COMPUTE_CAPABILITY_MAJOR = 75;
    private static final int COMPUTE_CAPABILITY_MINOR = 76;
    private static final int MULTIPROCESSORS = 16;
    private static final int KILOHERTZ = 13;
    private static final int MEMORY_KILOHERTZ = 36;
    private static final int MEMORY_BITS = 37;
    private static final int NAME_BYTES = 256;

    /**
     * @param address its number
     * @throws GlossaException of type USER if there is none of this number, of type RESOURCE if it is too old
     */
    static Card at(Driver driver, String address, Precision precision) {
        int count = driver.number("count GPUs", "cuDeviceGetCount");
        int index = address.matches("\\d{1,4}") ? Integer.parseInt(address) : count;
        if (index >= count) {
            throw GlossaException.user("Cannot use GPU '" + address + "': found " + count
                    + " GPUs, expected a number from 0 to " + (count - 1) + " (CUDA_VISIBLE_DEVICES may hide others)");
        }
        int device = driver.number("use GPU " + index, "cuDeviceGet", index);
        int capability = 10 * attribute(driver, COMPUTE_CAPABILITY_MAJOR, device)
                + attribute(driver, COMPUTE_CAPABILITY_MINOR, device);
        int oldest = precision.isF8() ? Architecture.OLDEST_FP8 : Architecture.OLDEST;
        if (capability < oldest) {
            throw GlossaException.resource("Cannot use GPU " + address + ": found architecture sm_" + capability
                    + ", expected sm_" + oldest + " or newer, which multiply in "
                    + (precision.isF8() ? precision : Precision.BF16).title());
        }
        return new Card(device, capability);
    }

    private static int attribute(Driver driver, int attribute, int device) {
        return driver.number("look at GPU " + device, "cuDeviceGetAttribute", attribute, device);
    }

    /** As compilers call it. */
    String architecture() {
        return "sm_" + capability;
    }

    /** What it has, and what its memory would move at most: so many bits, twice a cycle. */
    String details(Driver driver) {
        double memoryRate =
                2e3 * attribute(driver, MEMORY_KILOHERTZ, device) * attribute(driver, MEMORY_BITS, device) / 8;
        return String.format(
                Locale.ROOT,
                "%s, %s, %d multiprocessors at up to %d MHz, memory at up to %.2f TB/s",
                name(driver),
                architecture(),
                attribute(driver, MULTIPROCESSORS, device),
                attribute(driver, KILOHERTZ, device) / 1000,
                memoryRate * 1e-12);
    }

    /** As its maker calls it. */
    String name(Driver driver) {
        try (Memory text = new Memory(NAME_BYTES)) {
            driver.call("look at the GPU", "cuDeviceGetName", text, NAME_BYTES, device);
            return text.getString(0);
        }
    }
}
