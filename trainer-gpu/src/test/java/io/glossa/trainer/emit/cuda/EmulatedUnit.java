package io.glossa.trainer.emit.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Kernels made of text for the processor. */
public final class EmulatedUnit implements AutoCloseable {
    private final NativeLibrary library;

    private EmulatedUnit(NativeLibrary library) {
        this.library = library;
    }

    /** @param kernels text that comes after the prelude, with its GL_KERNELs */
    public static EmulatedUnit of(Path folder, String kernels) {
        Path library = built(folder, "unit.so", kernels, "-fPIC", "-shared", "-Wl,-Bsymbolic", "-fno-gnu-unique");
        return new EmulatedUnit(NativeLibrary.getInstance(library.toString()));
    }

    /** A program for what ends its process. */
    static Path program(Path folder, String kernels) {
        return built(folder, "program", kernels);
    }

    private static Path built(Path folder, String name, String kernels, String... flags) {
        Path source = folder.resolve(name + ".cpp");
        Path result = folder.resolve(name);
        List<String> command = new ArrayList<>(List.of("c++", "-std=c++17", "-O1", "-fno-strict-aliasing", "-w"));
        command.addAll(List.of(flags));
        command.addAll(List.of("-o", result.toString(), source.toString()));
        try {
            Files.writeString(source, Dialect.EMULATED.prelude() + kernels);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        assertThat(run(command)).as("what the compiler says").isEmpty();
        return result;
    }

    /** What a process prints. */
    static String run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes());
            process.waitFor();
            return text;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Runs a kernel.
     *
     * @param arguments memory, whose address is passed, and numbers
     */
    public void launch(String kernel, long blocks, int threads, int shared, Object... arguments) {
        launch(kernel, new long[] {blocks, 1, 1, threads, shared}, arguments);
    }

    /** @param launch blocks along each axis, threads, bytes of shared memory */
    public void launch(String kernel, long[] launch, Object... arguments) {
        Memory numbers = new Memory(8L * launch.length);
        numbers.write(0, launch, 0, launch.length);
        Memory values = new Memory(8L * arguments.length);
        for (int i = 0; i < arguments.length; i++) {
            values.setLong(
                    8L * i,
                    arguments[i] instanceof Pointer p ? Pointer.nativeValue(p) : ((Number) arguments[i]).longValue());
        }
        library.getFunction(kernel).invokeVoid(new Object[] {values, numbers});
    }

    @Override
    public void close() {
        library.close();
    }
}
