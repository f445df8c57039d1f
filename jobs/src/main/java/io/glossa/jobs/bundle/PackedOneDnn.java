package io.glossa.jobs.bundle;

import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.runtime.cpu.OneDnnJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** oneDNN's jar as small as it gets, in the cache of programs. */
final class PackedOneDnn {
    private PackedOneDnn() {}

    /** The jar, packed now unless that was done before on this machine. */
    static Path jar() throws IOException {
        try (OneDnnJar jar = OneDnnJar.open()) {
            Path packed = DeviceRequest.defaultCache()
                    .resolve("packed")
                    .resolve(jar.file().getFileName());
            if (!Files.exists(packed)) {
                Files.createDirectories(packed.getParent());
                Path part = packed.resolveSibling(
                        "packing-" + ProcessHandle.current().pid());
                jar.pack(part);
                Files.move(part, packed, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
            return packed;
        }
    }
}
