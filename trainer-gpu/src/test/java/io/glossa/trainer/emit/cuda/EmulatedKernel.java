package io.glossa.trainer.emit.cuda;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.glossa.trainer.ir.GpuKernel;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Type;
import io.glossa.trainer.runtime.host.NativeArray;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Runs a hand-written kernel on the processor, on its own. Its workspace and result start as NaN. */
public final class EmulatedKernel {
    /** By their text: compiled once, and loaded for good. */
    private static final Map<String, EmulatedUnit> UNITS = new ConcurrentHashMap<>();

    private EmulatedKernel() {}

    /** @param type of the result */
    public static HostTensor run(GpuKernel kernel, Type type, List<HostTensor> inputs) {
        List<Object> arguments = new ArrayList<>();
        arguments.add(garbage(type.bytes()));
        inputs.forEach(input -> arguments.add(memory(input)));
        if (kernel.workspace() > 0) {
            arguments.add(garbage(kernel.workspace()));
        }
        arguments.addAll(kernel.numbers());
        EmulatedUnit unit = UNITS.computeIfAbsent(text(kernel, arguments.size()), EmulatedKernel::unit);
        for (int i = 0; i < kernel.launches().size(); i++) {
            GpuKernel.Launch launch = kernel.launches().get(i);
            long[] grid = {launch.x(), launch.y(), launch.z(), launch.threads(), launch.shared()};
            unit.launch("launch" + i, grid, arguments.toArray());
        }
        return NativeArray.read((Pointer) arguments.get(0), type);
    }

    /** Once loaded, it needs no file. */
    private static EmulatedUnit unit(String text) {
        try {
            Path folder = Files.createTempDirectory("kernel");
            EmulatedUnit unit = EmulatedUnit.of(folder, text);
            for (File file : folder.toFile().listFiles()) {
                Files.delete(file.toPath());
            }
            Files.delete(folder);
            return unit;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The header, and a GL_KERNEL for each launch. */
    static String text(GpuKernel kernel, int arguments) {
        StringBuilder text = new StringBuilder(Dialect.kernels(kernel.header()));
        for (int i = 0; i < kernel.launches().size(); i++) {
            GpuKernel.Launch launch = kernel.launches().get(i);
            text.append("GL_KERNEL(launch" + i + ", " + arguments + ", " + launch.threads() + ") { GL_ARGUMENTS "
                    + launch.function() + "(a); }\n");
        }
        return text.toString();
    }

    private static Pointer memory(HostTensor tensor) {
        Pointer memory = garbage(tensor.type().bytes());
        NativeArray.write(memory, tensor);
        return memory;
    }

    private static Pointer garbage(long bytes) {
        Memory memory = new Memory(bytes + 256);
        memory.setMemory(0, memory.size(), (byte) 0xff);
        return memory.align(256);
    }
}
