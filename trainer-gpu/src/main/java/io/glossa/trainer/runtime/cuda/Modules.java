package io.glossa.trainer.runtime.cuda;

import com.sun.jna.Memory;
import io.glossa.trainer.runtime.host.FunctionCache;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Compiled code that the driver has loaded, for as long as the GPU is in use. */
final class Modules implements FunctionCache.Builder<Gpu.Function> {
    private static final int NOT_FOUND = 500;

    private final Driver driver;
    private final Cubins cubins;
    private final Runnable enter;
    private final Map<Path, Long> loaded = new HashMap<>();

    /** @param enter makes a thread's calls go to the GPU */
    Modules(Driver driver, Cubins cubins, Runnable enter) {
        this.driver = driver;
        this.cubins = cubins;
        this.enter = enter;
    }

    @Override
    public String identity() {
        return cubins.identity();
    }

    @Override
    public Path library(String family, String text) {
        return cubins.library(family, text);
    }

    @Override
    public synchronized Gpu.Function load(Path library, String function) {
        enter.run();
        long module = loaded.computeIfAbsent(library, this::module);
        long[] handle = new long[1];
        int status = driver.tried("cuModuleGetFunction", handle, module, function);
        if (status == NOT_FOUND) {
            throw new UnsatisfiedLinkError("no function " + function + " in " + library);
        }
        driver.check("find kernel " + function + " in " + library, status);
        return new NvidiaWork.Loaded(handle[0]);
    }

    private long module(Path library) {
        byte[] image = Cubins.image(library);
        try (Memory memory = new Memory(image.length)) {
            memory.write(0, image, 0, image.length);
            return driver.handle("load kernels from " + library, "cuModuleLoadData", memory);
        }
    }

    @Override
    public void damaged(Path library) {
        cubins.damaged(library);
    }
}
