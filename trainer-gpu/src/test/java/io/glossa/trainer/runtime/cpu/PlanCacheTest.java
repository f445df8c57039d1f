package io.glossa.trainer.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Dumps;
import io.glossa.trainer.runtime.Executable;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanCacheTest {
    @TempDir
    private Path cache;

    @Test
    void anotherProcessRunsTheSameFromTheFile() throws IOException {
        assertThat(run(2)).isEqualTo(8.0);
        Path file = only();
        Files.setLastModifiedTime(file, FileTime.fromMillis(0));
        assertThat(run(2)).isEqualTo(8.0);
        assertThat(Files.getLastModifiedTime(file).toMillis()).isZero();
        assertThat(run(3)).isEqualTo(12.0);
        assertThat(plans()).hasSize(2);
    }

    @Test
    void aDamagedPlanIsMadeAgain() throws IOException {
        run(2);
        Path file = only();
        byte[] whole = Files.readAllBytes(file);
        byte[] damaged = whole.clone();
        damaged[whole.length / 2] ^= 1;
        Files.write(file, damaged);
        assertThat(run(2)).isEqualTo(8.0);
        assertThat(Files.readAllBytes(file)).isEqualTo(whole);
    }

    /** (w + data) · factor, with w = 3 and data = 1. */
    private double run(double factor) {
        Trace trace = new Trace();
        Program program = Program.inference("p", t -> {
            var w = t.parameter("w", Init.ONES, 1).mul(3);
            t.output("y", w.add(w.data("one", HostTensor.scalar(1f)).reshape(1)).mul(factor));
        });
        try (CpuDevice device = CpuDevice.open(1, cache, Dumps.NONE);
                Executable executable = Compile.program(program, trace, device);
                State state = device.allocate(trace.initial(0))) {
            return executable.run(state, Map.of()).get("y").at(0);
        }
    }

    private Path only() throws IOException {
        assertThat(plans()).hasSize(1);
        return plans().get(0);
    }

    private List<Path> plans() throws IOException {
        try (var files = Files.list(cache)) {
            return files.filter(file -> file.getFileName().toString().startsWith("plan-"))
                    .toList();
        }
    }
}
