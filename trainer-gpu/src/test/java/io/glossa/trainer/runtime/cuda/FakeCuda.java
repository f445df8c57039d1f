package io.glossa.trainer.runtime.cuda;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.runtime.Communicator;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Dumps;
import io.glossa.trainer.runtime.Executable;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Stands in for the driver, NVRTC and cuBLASLt: does nothing, gives handles that differ, and keeps a list of what was called.
 * Copies between the machine and the GPU are of zeros.
 */
final class FakeCuda implements Native {
    /** Functions in the order of their calls, those that matter for order with the stream or address they were for. */
    final List<String> calls = new ArrayList<>();

    /** Status of functions that do not succeed. */
    final Map<String, Integer> refused = new HashMap<>(Map.of("cuGetErrorName", 1));

    /** As above, but of the next call alone. */
    final Map<String, Integer> refusedOnce = new HashMap<>();

    private final List<Memory> pinned = new ArrayList<>();
    private final Map<String, int[]> numbers = new HashMap<>(Map.of(
            "cuDriverGetVersion", new int[] {13000},
            "cuDeviceGetCount", new int[] {2},
            "nvrtcGetNumSupportedArchs", new int[] {2},
            "nvrtcGetSupportedArchs", new int[] {80, 90}));
    private final String path;
    private int capability = 90;
    private int sharedBytes = 44 << 10;
    private long freeBytes = 3L << 20;
    private long next = 0x1000;

    FakeCuda(String path) {
        this.path = path;
    }

    FakeCuda withDriver(int version) {
        numbers.put("cuDriverGetVersion", new int[] {version});
        return this;
    }

    /** What a function writes where numbers go. */
    FakeCuda with(String function, int... found) {
        numbers.put(function, found);
        return this;
    }

    FakeCuda withCapability(int other) {
        capability = other;
        return this;
    }

    FakeCuda withFree(long bytes) {
        freeBytes = bytes;
        return this;
    }

    /** Libraries that are all this one, in a folder that has files of their names from now on. */
    Libraries libraries(Path folder) {
        install(folder);
        return new Libraries(List.of(folder), name -> this);
    }

    static void install(Path folder) {
        try {
            for (String name : List.of("libnvrtc.so.13", "libcublasLt.so.13")) {
                Files.writeString(folder.resolve(name), "");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A device with these libraries, in a folder that is its cache too. */
    CudaDevice device(Path folder, String address, Communicator ranks) {
        return new CudaDevice(
                "cuda",
                NvidiaGpu.open(address, folder, Precision.BF16, ranks, libraries(folder)),
                ranks.rank(),
                folder,
                Compile.Options.DEFAULTS,
                Dumps.NONE,
                Optional.empty());
    }

    /** A program on a device of its own, with the state that it begins with. */
    record Loaded(CudaDevice device, Executable program, State state) implements AutoCloseable {
        @Override
        public void close() {
            state.close();
            program.close();
            device.close();
        }
    }

    Loaded load(Path folder, Program program) {
        return load(folder, program, Communicator.NONE);
    }

    Loaded load(Path folder, Program program, Communicator ranks) {
        Trace trace = new Trace();
        CudaDevice device = device(folder, "0", ranks);
        return new Loaded(device, Compile.program(program, trace, device), device.allocate(trace.initial(0)));
    }

    /** A program that adds to a state of three numbers, and gives twice what they were. */
    static Program counter() {
        return Program.inference("counter", trace -> {
            Tensor n = trace.state("n", Init.ONES, 3);
            trace.update("n", n.add(trace.batch("by", DType.F32)));
            trace.output("twice", n.mul(2));
        });
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public synchronized int call(String function, Object... arguments) {
        if (refused.containsKey(function)) {
            return refused.get(function);
        }
        if (refusedOnce.containsKey(function)) {
            return refusedOnce.remove(function);
        }
        calls.add(described(function, arguments));
        switch (function) {
            case "cuDeviceGetAttribute" ->
                ((int[]) arguments[0])[0] = (int) arguments[1] == 75 ? capability / 10 : capability % 10;
            case "cuMemGetInfo_v2" -> {
                ((long[]) arguments[0])[0] = freeBytes;
                ((long[]) arguments[1])[0] = 8L << 20;
            }
            case "cuMemHostAlloc" -> {
                pinned.add(new Memory((long) arguments[1]));
                ((long[]) arguments[0])[0] = Pointer.nativeValue(pinned.get(pinned.size() - 1));
            }
            case "cuFuncGetAttribute" -> ((int[]) arguments[0])[0] = sharedBytes;
            case "cuFuncSetAttribute" -> sharedBytes = (int) arguments[2];
            case "cuEventElapsedTime" -> ((float[]) arguments[0])[0] = 1;
            case "cublasLtMatmulAlgoGetHeuristic" -> {
                ((Memory) arguments[8]).clear();
                ((int[]) arguments[9])[0] = 2;
            }
            case "nvrtcGetCUBINSize", "nvrtcGetPTXSize" -> ((long[]) arguments[1])[0] = 4;
            default -> write(function, arguments);
        }
        return 0;
    }

    private void write(String function, Object[] arguments) {
        for (Object argument : arguments) {
            if (argument instanceof Memory memory && function.equals("cuDeviceGetName")) {
                memory.setString(0, "a fake GPU");
            } else if (argument instanceof int[] out && numbers.containsKey(function)) {
                System.arraycopy(numbers.get(function), 0, out, 0, out.length);
            } else if (argument instanceof long[] out && out[0] == 0 && !function.endsWith("Size")) {
                out[0] = next += 0x1000;
            }
        }
    }

    private static String described(String function, Object[] arguments) {
        Object on = switch (function) {
            case "cuMemcpyHtoDAsync_v2", "cuMemcpyDtoHAsync_v2", "cuMemcpyDtoDAsync_v2" -> arguments[3];
            case "cuGraphLaunch", "cuEventRecord", "cuEventRecordWithFlags" -> arguments[1];
            case "cuLaunchKernel" -> arguments[8];
            case "cuStreamSynchronize", "cuStreamWaitEvent", "cuStreamBeginCapture_v2", "cuStreamEndCapture" ->
                arguments[0];
            case "cuModuleGetFunction", "cuFuncSetAttribute" -> arguments[2];
            case "cublasLtMatmulPreferenceSetAttribute", "cublasLtMatmulDescSetAttribute" -> arguments[1];
            case "ncclAllReduce" -> arguments[6];
            case "ncclCommInitRank" -> arguments[3] + " of " + arguments[1];
            default -> "";
        };
        return on.equals("") ? function : function + " " + (on instanceof Pointer ? "" : on);
    }
}
