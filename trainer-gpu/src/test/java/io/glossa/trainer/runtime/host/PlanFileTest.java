package io.glossa.trainer.runtime.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.GpuKernel;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Type;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlanFileTest {
    @Test
    void aPlanIsReadAsItWasWritten() throws IOException {
        ProgramPlan plan = new ProgramPlan(
                "p",
                64,
                32,
                List.of(
                        new ProgramPlan.Call(
                                "k",
                                true,
                                List.of(new ProgramPlan.InArena(8), new ProgramPlan.Number(-3)),
                                List.of(),
                                1,
                                0),
                        new ProgramPlan.Call(
                                "gl",
                                false,
                                List.of(
                                        new ProgramPlan.InState("w", 4),
                                        new ProgramPlan.InData(0, 0),
                                        new ProgramPlan.Prepared("made", List.of(1L, 2L))),
                                List.of(),
                                1,
                                1),
                        new ProgramPlan.Call(
                                "launched",
                                true,
                                List.of(new ProgramPlan.InWorkspace()),
                                List.of(
                                        new GpuKernel.Launch("a", 7, 6, 5, 64, 3),
                                        new GpuKernel.Launch("b", 1, 1, 1, 32, 0)),
                                2,
                                3)),
                Map.of("x", new ProgramPlan.Slot(new ProgramPlan.InArena(0), Type.f32(2, 1))),
                Map.of("y", new ProgramPlan.Slot(new ProgramPlan.InArena(32), Type.i32())),
                Map.of("w", new Type(DType.BF16, Shape.of(3))),
                List.of());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PlanFile.write(plan, new DataOutputStream(bytes));
        assertThat(PlanFile.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()))))
                .isEqualTo(plan);
    }
}
