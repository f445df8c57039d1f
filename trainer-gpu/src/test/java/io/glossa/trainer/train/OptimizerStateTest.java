package io.glossa.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.glossa.config.ConfigBinder;
import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import io.glossa.storage.checkpoint.Checkpoint;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.storage.checkpoint.Tensor;
import io.glossa.trainer.autograd.Joint;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.data.Synthetic;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.AdamW;
import io.glossa.trainer.objective.BestRq;
import io.glossa.trainer.objective.BestRqConfig;
import io.glossa.trainer.objective.ParameterGroups;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Dumps;
import io.glossa.trainer.runtime.Lowered;
import io.glossa.trainer.runtime.Target;
import io.glossa.trainer.runtime.cpu.CpuDevice;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Moments of the optimizer in BF16. */
class OptimizerStateTest {
    private static final BestRq OBJECTIVE = new BestRq(
            new ModelConfig(1, 8, 2, 12, 3, "chunk:6", ModelConfig.Convolution.CROSSING, Synthetic.MELS, 4),
            new BestRqConfig(2, 16, 4, 0.6, 0.06, 4, 0.1));
    private static final CpuDevice CPU = CpuDevice.open(2, CpuDevice.defaultCache(), Dumps.NONE);
    private static final Synthetic SOURCE = new Synthetic(41, 24, 80, 3, 1);
    private static final int STEPS = 200;

    @TempDir
    Path folder;

    @AfterAll
    static void close() {
        CPU.close();
    }

    @Test
    void trainsAsWellAsMomentsInFp32() {
        double start = loss("fp32", 1);
        double exact = loss("fp32", STEPS);
        double rounded = loss("bf16", STEPS);
        System.out.println("loss " + start + ", after " + STEPS + " steps " + exact + ", with bf16 moments " + rounded);
        assertThat(exact).isLessThan(start - 0.1);
        assertThat(rounded).isNotEqualTo(exact).isCloseTo(exact, within(0.1 * (start - exact)));
    }

    @Test
    void aResumedTrainingGoesOnToTheSameBits() {
        Checkpoint whole;
        try (Trainer trainer = open("bf16", folder.resolve("whole"))) {
            trainer.run(8, report -> {});
            whole = trainer.checkpoint(Map.of());
        }
        Path parts = folder.resolve("parts");
        for (int part = 0; part < 2; part++) {
            try (Trainer trainer = open("bf16", parts)) {
                trainer.run(4, report -> {});
                Checkpoints.write(Folder.of(parts), trainer.checkpoint(Map.of()));
            }
        }
        Checkpoint resumed =
                Checkpoints.read(Checkpoints.latest(Folder.of(parts)).orElseThrow());
        assertSameBits(whole.model(), resumed.model());
        assertSameBits(whole.optimizer(), resumed.optimizer());
        resumed.optimizer().forEach((name, moment) -> {
            if (name.startsWith("adam.")) {
                assertThat(moment.dtype()).as(name).isEqualTo("BF16");
            }
        });
    }

    @Test
    void aRunDoesNotChangeItsOptimizerState() {
        try (Trainer trainer = open("fp32", folder)) {
            trainer.run(1, report -> {});
            Checkpoints.write(Folder.of(folder), trainer.checkpoint(Map.of()));
        }
        assertThatThrownBy(() -> open("bf16", folder))
                .isInstanceOf(GlossaException.class)
                .hasMessageContaining("optimizer-state=fp32")
                .hasMessageContaining("optimizer-state=bf16");
        assertThatThrownBy(() -> config("fp8")).hasMessageContaining("optimizer-state=fp8: expected fp32 or bf16");
    }

    @Test
    void updatesAreWrittenOverWhatTheyReplaceAsInFp32() {
        Lowered exact = lowered(DType.F32);
        Lowered rounded = lowered(DType.BF16);
        assertThat(overwritten(rounded)).isEqualTo(overwritten(exact)).contains("adam.first.heads.0.weight");
        assertThat(rounded.kernels()).hasSameSizeAs(exact.kernels());
        List<Integer> purposes = rounded.graph().nodes().stream()
                .filter(node -> node.op() == Op.RANDOM_UNIFORM)
                .map(node -> node.attr(Attr.Random.class).purpose())
                .toList();
        long moments = rounded.graph().inputs().stream()
                .filter(node -> node.attr(Attr.Input.class).name().startsWith("adam."))
                .count();
        assertThat(purposes).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo((int) moments);
    }

    private static Lowered lowered(DType moments) {
        Program program = Program.training(
                "test", t -> OBJECTIVE.trace(t, new Bucket(2, 80)), new AdamW(0.01, 1, moments, ParameterGroups.ALL));
        Graph joint = Joint.graph(program, new Trace());
        return Compile.lowered("test", joint, Target.CPU, Compile.Options.DEFAULTS, Dumps.NONE);
    }

    private static Set<String> overwritten(Lowered lowered) {
        return lowered.schedule().inPlace().values().stream()
                .map(node -> node.attr(Attr.Input.class).name())
                .collect(Collectors.toSet());
    }

    /** The mean over the last steps of so many. */
    private double loss(String state, int steps) {
        List<Double> losses = new ArrayList<>();
        try (Trainer trainer = open(state, folder.resolve(state + steps))) {
            trainer.run(steps, report -> losses.add(report.metrics().get("loss")));
        }
        return losses.subList(Math.max(0, steps - 20), steps).stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElseThrow();
    }

    private static TrainConfig config(String state) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "batch-seconds", "2.4",
                "buckets", "40,80",
                "passes", "40",
                "learning-rate", "0.01",
                "warmup-steps", "10"));
        settings.put("optimizer-state", state);
        return ConfigBinder.bind(TrainConfig.class, settings, TrainConfig.DEFAULTS);
    }

    private static Trainer open(String state, Path folder) {
        TrainConfig config = config(state);
        return Trainer.open(
                CPU,
                OBJECTIVE,
                SOURCE.source(config.bucketTable(), OBJECTIVE),
                config,
                Start.of(Checkpoints.latest(Folder.of(folder)), Optional.empty()));
    }

    private static void assertSameBits(Map<String, Tensor> a, Map<String, Tensor> b) {
        assertThat(a.keySet()).isEqualTo(b.keySet()).isNotEmpty();
        a.forEach((name, tensor) -> assertThat(
                        Arrays.equals(tensor.floats(), b.get(name).floats()))
                .as(name)
                .isTrue());
    }
}
