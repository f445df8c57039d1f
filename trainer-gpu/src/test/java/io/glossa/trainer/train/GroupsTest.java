package io.glossa.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.glossa.config.ConfigBinder;
import io.glossa.storage.Folder;
import io.glossa.storage.checkpoint.Checkpoint;
import io.glossa.storage.checkpoint.CheckpointMeta;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.storage.checkpoint.Tensor;
import io.glossa.trainer.autograd.Joint;
import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.data.Synthetic;
import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.BestRq;
import io.glossa.trainer.objective.BestRqConfig;
import io.glossa.trainer.objective.Ctc;
import io.glossa.trainer.objective.Objective;
import io.glossa.trainer.objective.SymbolTable;
import io.glossa.trainer.ranks.RankThreads;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Dumps;
import io.glossa.trainer.runtime.Explanation;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.runtime.Target;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Parameters that are not trained, and an encoder with a learning rate of its own. */
class GroupsTest {
    private static final Synthetic SOURCE = new Synthetic(31, 24, 80, 3, 1);
    private static final Ctc CTC = new Ctc(
            new ModelConfig(1, 8, 2, 12, 3, "chunk:6", ModelConfig.Convolution.CROSSING, Synthetic.MELS, 4),
            SymbolTable.ofText("abc"),
            true);

    /** The weight of its head is large, so that sharding deals it out. */
    private static final BestRq LARGE = new BestRq(
            new ModelConfig(1, 64, 2, 64, 3, "chunk:6", ModelConfig.Convolution.CROSSING, Synthetic.MELS, 4),
            new BestRqConfig(1, 4200, 4, 0.7, 0.1, 3, 0.1));

    private static final Map<String, String> FROZEN = Map.of("freeze", "encoder.**");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"fp32", "bf16"})
    void frozenParametersHaveNoMomentsAndStay(String moments) {
        Map<String, String> settings = Map.of("freeze", "encoder.**", "optimizer-state", moments);
        Checkpoint before = trained(0, settings);
        Checkpoint after = trained(3, settings);

        assertThat(after.model().keySet())
                .isEqualTo(trained(0, Map.of()).model().keySet());
        assertThat(after.optimizer().keySet())
                .containsExactlyInAnyOrder(
                        "adam.first.ctc.weight",
                        "adam.second.ctc.weight",
                        "adam.first.ctc.bias",
                        "adam.second.ctc.bias");
        after.model()
                .forEach(
                        (name, tensor) -> assertThat(same(tensor, before.model().get(name)))
                                .as(name)
                                .isEqualTo(!name.startsWith("ctc.")));
    }

    /** From zero, the first moment after a step is a tenth of the gradient, where nothing is clipped. */
    @Test
    void gradientsOfTheRestAreThoseOfAllAndTheNormIsOverThem() {
        Map<String, String> settings = new HashMap<>(Map.of("clip-norm", "1e15"));
        Checkpoint all = trained(1, settings);
        settings.putAll(FROZEN);
        Checkpoint rest = trained(1, settings);
        double squares = 0;
        for (String name : List.of("adam.first.ctc.weight", "adam.first.ctc.bias")) {
            float[] found = rest.optimizer().get(name).floats();
            assertThat(found).containsExactly(all.optimizer().get(name).floats(), within(1e-5f));
            for (float moment : found) {
                squares += 100.0 * moment * moment;
            }
        }
        assertThat(rest.meta().metrics().get("gradient-norm")).isCloseTo(Math.sqrt(squares), within(1e-4));
        assertThat(all.meta().metrics().get("gradient-norm"))
                .isGreaterThan(rest.meta().metrics().get("gradient-norm"));
    }

    @Test
    void nothingBehindAFrozenPartIsDifferentiated() {
        long forward = products(Optional.empty());
        // The head's weight has a gradient, what it is applied to has none.
        assertThat(products(Optional.of(FROZEN))).isEqualTo(forward + 1);
        long upper = products(Optional.of(Map.of("freeze", "encoder.subsampling.**,encoder.blocks.{0..2}.**")));
        long all = products(Optional.of(Map.of()));
        assertThat(all).isGreaterThan(2 * forward);
        assertThat(upper - forward).isBetween((all - forward) / 5, (all - forward) / 3);
    }

    /** As explain counts them: of three parts of a step, forward, gradients of values, gradients of parameters. */
    @ParameterizedTest
    @EnumSource(Target.class)
    void aFrozenEncodersBackwardPartIsGoneFromThePlan(Target target) {
        double all = flop(target, 0, Map.of());
        assertThat(flop(target, 0, FROZEN)).isLessThan(0.4 * all);
        assertThat(flop(target, 2, FROZEN)).as("with adapters").isBetween(0.5 * all, 0.8 * all);
    }

    private static double flop(Target target, int adapters, Map<String, String> settings) {
        ModelConfig model = new ModelConfig(
                2, 64, 2, 128, 3, "chunk:6", ModelConfig.Convolution.CROSSING, Synthetic.MELS, 4, adapters, 0);
        Ctc ctc = new Ctc(model, SymbolTable.ofText("abc"), true);
        Program program = Program.training(
                "test", t -> ctc.trace(t, new Bucket(4, 320)), config(settings).optimizer());
        return Explanation.of(Compile.lowered(
                        "test",
                        Joint.graph(program, new Trace()),
                        target,
                        Compile.Options.DEFAULTS.with(Precision.BF16),
                        Dumps.NONE))
                .flop();
    }

    private static long products(Optional<Map<String, String>> training) {
        Bucket bucket = new Bucket(2, 80);
        Ctc four = new Ctc(
                new ModelConfig(4, 8, 2, 12, 3, "chunk:6", ModelConfig.Convolution.CROSSING, Synthetic.MELS, 4),
                SymbolTable.ofText("abc"),
                true);
        Program program = training.map(settings -> Program.training(
                        "test", t -> four.trace(t, bucket), config(settings).optimizer()))
                .orElseGet(() -> Program.inference("test", t -> four.trace(t, bucket)));
        return Joint.graph(program, new Trace()).nodes().stream()
                .filter(GroupsTest::isProduct)
                .count();
    }

    private static boolean isProduct(Node node) {
        return switch (node.op()) {
            case MATMUL, CONV2D, CONV2D_GRAD_INPUT, CONV2D_GRAD_WEIGHT -> true;
            case CALL -> node.attr(Attr.Call.class).composite().isProduct();
            default -> false;
        };
    }

    @ParameterizedTest
    @CsvSource({"1,2", "2,2"})
    void anyNumberOfRanksAndPartsLeavesThemAsTheyAre(int ranks, int parts) {
        List<Checkpoint> ends = new ArrayList<>();
        for (String sharding : List.of("none", "optimizer")) {
            Path run = folder.resolve(sharding);
            Map<String, String> settings = new HashMap<>(FROZEN);
            settings.putAll(Map.of("parts", Integer.toString(parts), "sharding", sharding, "optimizer-state", "bf16"));
            settings.put("passes", "1");
            train(LARGE, ranks, settings, run);
            ends.add(Checkpoints.read(Checkpoints.latest(Folder.of(run)).orElseThrow()));
        }
        requireSame(ends.get(0), ends.get(1));
        assertThat(ends.get(0).optimizer().keySet())
                .noneMatch(name -> name.contains("encoder"))
                .contains("adam.first.heads.0.weight");
        Checkpoint initial = trained(LARGE, 0, Map.of());
        initial.model().forEach((name, tensor) -> {
            if (name.startsWith("encoder.")) {
                assertThat(same(tensor, ends.get(0).model().get(name))).as(name).isTrue();
            }
        });
    }

    @Test
    void aResumeGoesOnToTheSameBitsAndAsksForTheSameGroups() {
        Map<String, String> settings = new HashMap<>(
                Map.of("passes", "2", "freeze", "encoder.subsampling.**", "encoder-learning-rate", "1e-4"));
        assertThat(config(Map.of("freeze", "b,a,b")).groups().freeze()).containsExactly("a", "b");
        Path whole = folder.resolve("whole");
        Path halves = folder.resolve("halves");
        train(CTC, 1, settings, whole);
        settings.put("passes", "1");
        train(CTC, 1, settings, halves);
        Checkpoint half = Checkpoints.read(Checkpoints.latest(Folder.of(halves)).orElseThrow());
        assertThat(half.meta().config())
                .containsEntry("freeze", "encoder.subsampling.**")
                .containsEntry("encoder-learning-rate", "1.0E-4");
        for (Map<String, String> other : List.of(FROZEN, Map.of("encoder-delay-steps", "1"))) {
            Map<String, String> changed = new HashMap<>(settings);
            changed.putAll(other);
            assertThatThrownBy(() -> train(CTC, 1, changed, halves))
                    .hasMessageContaining(other.keySet().iterator().next() + "=")
                    .hasMessageContaining("expected the same (start anew in another folder)");
        }
        settings.putAll(Map.of("passes", "2", "encoder-learning-rate", "0.0001"));
        train(CTC, 1, settings, halves);
        requireSame(
                Checkpoints.read(Checkpoints.latest(Folder.of(whole)).orElseThrow()),
                Checkpoints.read(Checkpoints.latest(Folder.of(halves)).orElseThrow()));
    }

    @Test
    void aCheckpointOfBeforeThereWereGroupsGoesOn() {
        train(CTC, 1, Map.of("passes", "1"), folder);
        Checkpoint own = Checkpoints.read(Checkpoints.latest(Folder.of(folder)).orElseThrow());
        Map<String, String> before = new HashMap<>(own.meta().config());
        before.keySet().removeAll(ConfigBinder.keys(GroupConfig.class));
        CheckpointMeta meta = own.meta();
        Start old = new Start.Resume(new Checkpoint(
                own.step(),
                own.model(),
                own.optimizer(),
                new CheckpointMeta(meta.step(), meta.kind(), before, meta.cursor(), meta.metrics(), meta.lineage())));
        assertThat(together(CTC, 1, config(Map.of("passes", "2")), old, null)).isGreaterThan(own.step());
    }

    @Test
    void anEncodersOwnRateIsItsAlone() {
        Map<String, String> settings = new HashMap<>(Map.of("weight-decay", "0", "warmup-steps", "0"));
        Checkpoint start = trained(0, settings);
        Checkpoint one = trained(1, settings);
        settings.put("encoder-learning-rate", "1e-3");
        requireSame(one, trained(1, settings));
        settings.put("encoder-learning-rate", "1e-4");
        Checkpoint tenth = trained(1, settings);
        String weight = "encoder.blocks.0.ff1.linear1.weight";
        assertThat(same(one.model().get("ctc.weight"), tenth.model().get("ctc.weight")))
                .isTrue();
        assertThat(moved(start, tenth, weight)).isCloseTo(moved(start, one, weight) / 10, within(1e-5));
        settings.put("encoder-delay-steps", "2");
        settings.put("encoder-warmup-steps", "1");
        assertThat(moved(start, trained(2, settings), weight)).isZero();
        assertThat(moved(start, trained(3, settings), weight)).isPositive();
    }

    @Test
    void anEncodersRateRisesAfterItsDelayAndFallsAsTheOthers() {
        LearningRate rate = LearningRate.ofEncoder(
                config(Map.of(
                        "learning-rate", "4",
                        "encoder-learning-rate", "2",
                        "encoder-delay-steps", "10",
                        "encoder-warmup-steps", "4",
                        "hold-share", "0.5",
                        "floor-share", "0.25")),
                100);
        assertThat(rate.at(9)).isZero();
        assertThat(rate.at(10)).isEqualTo(0.5);
        assertThat(rate.at(13)).isEqualTo(2);
        assertThat(rate.at(50)).isEqualTo(2);
        assertThat(rate.at(75)).isEqualTo(1);
        assertThat(rate.at(99)).isEqualTo(0.5);
        for (String none : List.of("0", "Infinity", "NaN", "fast")) {
            assertThatThrownBy(() -> config(Map.of("encoder-learning-rate", none)))
                    .hasMessageContaining("encoder-learning-rate=" + none)
                    .hasMessageContaining("more than 0 and finite, or auto");
        }
        assertThatThrownBy(() -> LearningRate.ofEncoder(
                        config(Map.of("warmup-steps", "auto", "encoder-delay-steps", "95")), 100))
                .hasMessageContaining("encoder-warmup-steps=10 after encoder-delay-steps=95");
    }

    private static double moved(Checkpoint from, Checkpoint to, String name) {
        float[] before = from.model().get(name).floats();
        float[] after = to.model().get(name).floats();
        double squares = 0;
        for (int i = 0; i < before.length; i++) {
            squares += Math.pow((double) after[i] - before[i], 2);
        }
        return Math.sqrt(squares);
    }

    private static void requireSame(Checkpoint expected, Checkpoint found) {
        assertThat(found.model().keySet()).isEqualTo(expected.model().keySet());
        assertThat(found.optimizer().keySet()).isEqualTo(expected.optimizer().keySet());
        expected.model()
                .forEach((name, tensor) -> assertThat(same(tensor, found.model().get(name)))
                        .as(name)
                        .isTrue());
        expected.optimizer()
                .forEach((name, tensor) -> assertThat(
                                same(tensor, found.optimizer().get(name)))
                        .as(name)
                        .isTrue());
    }

    private static boolean same(Tensor a, Tensor b) {
        return Arrays.equals(a.floats(), b.floats());
    }

    /** A state after so many steps from random weights. */
    private static Checkpoint trained(int steps, Map<String, String> settings) {
        return trained(CTC, steps, settings);
    }

    private static Checkpoint trained(Objective objective, int steps, Map<String, String> settings) {
        TrainConfig config = config(settings);
        try (var device = DeviceRequest.of("cpu").withThreads(1).open();
                Trainer trainer = Trainer.open(
                        device, objective, SOURCE.source(config.bucketTable(), objective), config, new Start.Fresh())) {
            trainer.run(steps, report -> {});
            return trainer.checkpoint(Map.of());
        }
    }

    private static void train(Objective objective, int ranks, Map<String, String> settings, Path folder) {
        Start start = Start.of(Checkpoints.latest(Folder.of(folder)), Optional.empty());
        together(objective, ranks, config(settings), start, Folder.of(folder));
    }

    /** Trains to the end. */
    private static long together(Objective objective, int ranks, TrainConfig config, Start start, Folder folder) {
        BatchSource source = SOURCE.source(config.bucketTable(), objective);
        DeviceRequest request = DeviceRequest.of("cpu").withThreads(1);
        return RankThreads.onDevices(request, ranks, device -> {
                    try (Trainer trainer = Trainer.open(device, objective, source, config, start)) {
                        if (folder == null) {
                            trainer.run(Long.MAX_VALUE / 2, report -> {});
                        } else {
                            trainer.run(folder, "test", Map.of(), report -> {});
                        }
                        return trainer.step();
                    }
                })
                .get(0);
    }

    private static TrainConfig config(Map<String, String> settings) {
        Map<String, String> all = new TreeMap<>(Map.of(
                "passes", "4",
                "buckets", "80",
                "batch-seconds", "3.2",
                "warmup-steps", "1",
                "hold-share", "1"));
        all.putAll(settings);
        return ConfigBinder.bind(TrainConfig.class, all, TrainConfig.DEFAULTS);
    }
}
