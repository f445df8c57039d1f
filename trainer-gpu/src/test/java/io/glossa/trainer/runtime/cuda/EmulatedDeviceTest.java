package io.glossa.trainer.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Pointer;
import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Devices;
import io.glossa.trainer.runtime.Dumps;
import io.glossa.trainer.runtime.Executable;
import io.glossa.trainer.runtime.Staged;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmulatedDeviceTest {
    private static final Device GPU = DeviceRequest.of("emit-only").open();

    @AfterAll
    static void close() {
        GPU.close();
    }

    @Test
    void loopsColumnsAndProductsAgreeWithTheReference() {
        Trace trace = new Trace();
        Tensor x = trace.parameter("x", new Init.Normal(1), 3, 7, 5);
        Tensor y = trace.parameter("y", new Init.Normal(1), 3, 5, 9);
        Tensor product = x.matmul(y);
        trace.output("sigmoid", product.sigmoid());
        trace.output("turned", product.transpose().matmul(x));
        trace.output("rows", product.exp().sum(2));
        trace.output("columns", product.max(1));

        Devices.assertEqual(GPU, Graph.of(trace.builder(), trace.outputs()), 5);
    }

    @Test
    void aStepUpdatesTheStateInPlace() {
        Trace trace = new Trace();
        try (Executable program = Compile.program(counter(), trace, GPU);
                State state = GPU.allocate(trace.initial(0))) {
            assertThat(program.run(state, by(2)).get("twice").at(0)).isEqualTo(2);
            try (Staged first = program.stage(by(3));
                    Staged second = program.stage(by(5))) {
                assertThat(program.run(state, second).get("twice").at(0)).isEqualTo(6);
                assertThat(program.run(state, first).get("twice").at(0)).isEqualTo(16);
            }
            assertThat(state.get("n").at(2)).isEqualTo(11);
            state.put("n", HostTensor.of(new float[] {1, 2, 3}, 3));
            program.run(state, by(1));
            assertThat(state.get("n").floats()).containsExactly(2, 3, 4);
        }
    }

    @Test
    void memoryOfActivationsBeginsAsNumbersOfTheirSize() {
        long bytes = 5 << 19;
        try (CudaState state = new CudaState(((CudaDevice) GPU).gpu(), Map.of())) {
            Pointer arena = new Pointer(state.arena(bytes));
            Set<Short> different = new HashSet<>();
            for (long at = 0; at < bytes; at += Short.BYTES) {
                float number = Float.intBitsToFloat(arena.getShort(at) << 16);
                assertThat(Math.abs(number)).isBetween(1 / 128f, 1 / 32f);
                different.add(arena.getShort(at));
            }
            assertThat(different).as("signs, exponents and mantissas").hasSize(2 * 2 * 64);
        }
    }

    @Test
    void timesAreTakenOnceSomebodyAsks() {
        Trace trace = new Trace();
        try (Executable program = Compile.program(counter(), trace, GPU);
                State state = GPU.allocate(trace.initial(0))) {
            program.run(state, by(1));
            assertThat(program.times()).isNotEmpty().allMatch(kernel -> kernel.seconds() == 0);
            program.run(state, by(1));
            assertThat(program.times()).anyMatch(kernel -> kernel.seconds() > 0);
            assertThat(state.get("n").at(0)).isEqualTo(3);
        }
    }

    @Test
    void whatIsNotFiniteIsFoundWithoutChangingTheState() {
        Trace trace = new Trace();
        try (Executable program = Compile.program(counter(), trace, GPU);
                State state = GPU.allocate(trace.initial(0))) {
            assertThat(program.firstNotFinite(state, by(1))).isEmpty();
            assertThat(program.firstNotFinite(state, by(Float.NaN)))
                    .hasValueSatisfying(where -> assertThat(where).isEqualTo("input 'by' f32[]"));
            assertThat(program.firstNotFinite(state, by(Float.MAX_VALUE)))
                    .hasValueSatisfying(where -> assertThat(where).startsWith("kernel '"));
            assertThat(state.get("n").floats()).containsExactly(1, 1, 1);
        }
    }

    @Test
    void theTextOfAGpusKernelsIsAmongTheDumps(@TempDir Path folder) throws IOException {
        try (Device device = DeviceRequest.of("emit-only")
                        .with(new Dumps(Optional.of(folder)))
                        .open();
                Executable program = Compile.program(counter(), new Trace(), device);
                var files = Files.list(folder.resolve("counter/cuda"))) {
            assertThat(program.arenaBytes()).isPositive();
            assertThat(files).isNotEmpty().allMatch(file -> file.toString().endsWith(".cu"));
        }
    }

    /** Adds to n, of which it gives twice the value before; a square on the side. */
    private static Program counter() {
        return Program.inference("counter", trace -> {
            Tensor n = trace.state("n", Init.ONES, 3);
            Tensor by = trace.batch("by", DType.F32);
            trace.output("twice", n.mul(2));
            trace.output("square", by.mul(by));
            trace.update("n", n.add(by));
        });
    }

    private static Map<String, HostTensor> by(float value) {
        return Map.of("by", HostTensor.scalar(value));
    }
}
