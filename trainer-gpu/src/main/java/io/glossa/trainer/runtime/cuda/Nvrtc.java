package io.glossa.trainer.runtime.cuda;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.glossa.error.GlossaException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** NVIDIA's compiler as a library. */
final class Nvrtc implements CudaCompiler {
    private static final int COMPILATION = 6;
    private static final String PREFIX = "sm_";

    /** Quotients and roots within 2 ulp: exact ones take as long as all else in many a kernel. */
    private static final List<String> FLAGS =
            List.of("--std=c++17", "--prec-div=false", "--prec-sqrt=false", "--ptxas-options=-v", "--disable-warnings");

    private final Native library;
    private final int[] architectures;
    private final String version;

    Nvrtc(Native library) {
        this.library = library;
        int[] major = new int[1];
        int[] minor = new int[1];
        call("nvrtcVersion", major, minor);
        version = major[0] + "." + minor[0];
        int[] count = new int[1];
        call("nvrtcGetNumSupportedArchs", count);
        architectures = new int[count[0]];
        call("nvrtcGetSupportedArchs", architectures);
    }

    @Override
    public String identity() {
        return name() + FLAGS;
    }

    @Override
    public String name() {
        return "NVRTC " + version;
    }

    /** The GPU's own machine code; for one that is newer than this compiler, PTX of the newest that it knows. */
    @Override
    public Result compile(String text, String architecture) {
        int wanted = Integer.parseInt(architecture.substring(PREFIX.length()));
        if (Arrays.stream(architectures).anyMatch(each -> each == wanted)) {
            return compile(text, architecture, "CUBIN");
        }
        int newest = Arrays.stream(architectures)
                .filter(each -> each < wanted)
                .max()
                .orElseThrow(() -> GlossaException.resource("Cannot compile for " + architecture + ": " + name()
                        + " knows " + Arrays.toString(architectures) + ", expected an older library for this GPU"));
        return compile(text, "compute_" + newest, "PTX");
    }

    private Result compile(String text, String target, String kind) {
        long[] program = new long[1];
        call("nvrtcCreateProgram", program, text, "kernels.cu", 0, null, null);
        try {
            List<String> all = new ArrayList<>(FLAGS);
            all.add("--gpu-architecture=" + target);
            String[] flags = all.toArray(String[]::new);
            int status = library.call("nvrtcCompileProgram", program[0], flags.length, flags);
            String log = new String(bytes(program[0], "ProgramLog"), StandardCharsets.UTF_8).replace("\0", "");
            if (status != 0 && status != COMPILATION) {
                throw GlossaException.resource("Cannot compile kernels: " + name() + " ended with status " + status
                        + " and said: " + log.lines().limit(3).toList() + ", expected it to compile (are the parts of"
                        + " CUDA beside each other?)");
            }
            return new Result(status == 0 ? bytes(program[0], kind) : new byte[0], log);
        } finally {
            call("nvrtcDestroyProgram", program);
        }
    }

    private byte[] bytes(long program, String what) {
        long[] size = new long[1];
        call("nvrtcGet" + what + "Size", program, size);
        if (size[0] == 0) {
            return new byte[0];
        }
        try (Memory memory = new Memory(size[0])) {
            call("nvrtcGet" + what, program, (Pointer) memory);
            return memory.getByteArray(0, Math.toIntExact(size[0]));
        }
    }

    private void call(String function, Object... arguments) {
        int status = library.call(function, arguments);
        if (status != 0) {
            throw GlossaException.resource("Cannot compile kernels: " + function + " of " + library.path()
                    + " gave status " + status + ", expected 0");
        }
    }
}
