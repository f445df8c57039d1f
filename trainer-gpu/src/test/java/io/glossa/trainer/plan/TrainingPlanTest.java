package io.glossa.trainer.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.error.GlossaException;
import io.glossa.trainer.autograd.Entry;
import io.glossa.trainer.autograd.Joint;
import io.glossa.trainer.autograd.Ranks;
import io.glossa.trainer.autograd.Sharding;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.data.Rank;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.AdamW;
import io.glossa.trainer.objective.BestRq;
import io.glossa.trainer.objective.BestRqConfig;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Dumps;
import io.glossa.trainer.runtime.MemoryKinds.Kind;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.runtime.ProgramMemory;
import io.glossa.trainer.runtime.Target;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import io.glossa.trainer.train.LargestBatch;
import io.glossa.trainer.train.StepRecipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On a small model, whose two heads alone are large enough to be shared out. */
class TrainingPlanTest {
    private static final int WIDTH = 32;
    private static final int CODES = 8192;
    private static final int BOOKS = 2;
    private static final int RANKS = 4;

    /** Bytes of the counts of codes, which are carried beside the moments. */
    private static final long CODES_USED = 4L * BOOKS * CODES;

    /** Bytes of the learning rate and the step, which the update alone reads, of no other batch than its own. */
    private static final long UPDATE_READS = 8;

    private static final BestRq OBJECTIVE = new BestRq(
            new ModelConfig(1, WIDTH, 2, 48, 3, "chunk:6", ModelConfig.Convolution.CROSSING, 8, 4),
            new BestRqConfig(BOOKS, CODES, 4, 0.4, 0.06, 4, 0.1));
    private static final List<Sharding> BOTH = List.of(Sharding.NONE, Sharding.OPTIMIZER);

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "h200"})
    void kindsAreAllThatAProgramTakes(String device) {
        RankPlan plan = plan(asked(RANKS, RANKS), Sharding.NONE, device);

        assertThat(plan.memory().bytes().values()).allMatch(bytes -> bytes >= 0);
        assertThat(plan.memory().total()).isEqualTo(plan.program().bytes());
        assertThat(plan.memory().bytes())
                .containsEntry(Kind.WEIGHTS, 4 * plan.parameters())
                .containsEntry(Kind.MOMENTS, 8 * plan.parameters() + CODES_USED);
        assertThat(plan.memory().bytes().get(Kind.GRADIENTS)).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "h200"})
    void eachRankHasItsPartOfTheMomentsOfLargeTensors(String device) {
        RankPlan whole = plan(asked(RANKS, RANKS), Sharding.NONE, device);
        RankPlan shared = plan(asked(RANKS, RANKS), Sharding.OPTIMIZER, device);

        long large = 8L * BOOKS * WIDTH * CODES;
        assertThat(shared.memory().bytes().get(Kind.MOMENTS))
                .isEqualTo(whole.memory().bytes().get(Kind.MOMENTS) - large + large / RANKS);
        assertThat(shared.memory().bytes().get(Kind.WEIGHTS))
                .isEqualTo(whole.memory().bytes().get(Kind.WEIGHTS));
        assertThat(shared.memory().total()).isLessThan(whole.memory().total());
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "h200"})
    void eachRankHasItsPartOfLargeWeightsTooAndSendsItRounded(String device) {
        RankPlan shared = plan(asked(RANKS, RANKS), Sharding.OPTIMIZER, device);
        RankPlan parameters = plan(asked(RANKS, RANKS), Sharding.PARAMETERS, device);

        long large = 4L * BOOKS * WIDTH * CODES;
        assertThat(parameters.parameters()).isEqualTo(shared.parameters());
        assertThat(parameters.memory().bytes().get(Kind.WEIGHTS))
                .isEqualTo(shared.memory().bytes().get(Kind.WEIGHTS) - large + large / RANKS);
        assertThat(parameters.memory().bytes().get(Kind.MOMENTS))
                .isEqualTo(shared.memory().bytes().get(Kind.MOMENTS));
        assertThat(parameters.memory().total()).isLessThan(shared.memory().total());

        // Once or twice for each head, in halves, in place of the update.
        Traffic.Sent updates = shared.traffic().collectives().get(Op.ALL_GATHER);
        Traffic.Sent gathers = parameters.traffic().collectives().get(Op.ALL_GATHER);
        int heads = gathers.count() - updates.count() + BOOKS;
        assertThat(heads).isBetween(BOOKS, 2 * BOOKS);
        assertThat(gathers.bytes()).isEqualTo(updates.bytes() - large + heads * (large / BOOKS / 2));
    }

    @Test
    void ranksSendEachGradientOnceThereAndOnceBack() {
        RankPlan plan = plan(asked(RANKS, RANKS), Sharding.NONE, "h200");
        Traffic.Sent there = plan.traffic().collectives().get(Op.REDUCE_SCATTER);
        Traffic.Sent back = plan.traffic().collectives().get(Op.ALL_GATHER);

        long gradients = 4 * plan.parameters();
        assertThat(there.bytes()).isBetween(gradients, gradients + gradients / 100);
        assertThat(back.bytes()).isEqualTo(there.bytes());
        assertThat(there.sent()).isEqualTo(there.bytes() * (RANKS - 1) / RANKS);
        assertThat(plan.traffic().sent()).isGreaterThanOrEqualTo(2 * there.sent());
        assertThat(plan(asked(1, 1), Sharding.NONE, "h200").traffic().sent()).isZero();
    }

    @Test
    void timeIsThatOfWhatBindsEachKernel() {
        DevicePreset device = DevicePreset.of("h200");
        StepTime alone = RankPlan.of(asked(1, 1), Sharding.NONE, 2, device).time();
        StepTime slower =
                RankPlan.of(asked(1, 1), Sharding.NONE, 2, slower(device)).time();

        assertThat(alone.collectives()).isZero();
        assertThat(alone.waits()).isZero();
        assertThat(alone.attention()).isPositive();
        assertThat(slower.others()).isCloseTo(2 * alone.others(), within(1e-9));
        assertThat(slower.launches()).isEqualTo(alone.launches());
        assertThat(alone.seconds()).isEqualTo(alone.products() + alone.attention() + alone.others() + alone.launches());

        StepTime together = plan(asked(RANKS, RANKS), Sharding.NONE, "h200").time();
        assertThat(together.waits()).isPositive().isLessThanOrEqualTo(together.collectives());
    }

    @Test
    void aStepOfSeveralPartsUpdatesOnce() {
        RankPlan one = plan(asked(RANKS, RANKS), Sharding.NONE, "h200");
        RankPlan three = plan(asked(RANKS, 3 * RANKS), Sharding.NONE, "h200");

        assertThat(three.audio()).isEqualTo(3 * one.audio());
        assertThat(three.traffic().collectives().get(Op.REDUCE_SCATTER))
                .isEqualTo(one.traffic().collectives().get(Op.REDUCE_SCATTER));
        assertThat(three.time().products()).isCloseTo(3 * one.time().products(), within(1e-2));
        assertThat(three.memory().total()).isEqualTo(three.program().bytes());
        assertThat(three.memory().bytes().get(Kind.GRADIENTS)).isGreaterThanOrEqualTo(4 * one.parameters());
    }

    @Test
    void audioIsThatOfAllPartsThoughRanksHaveNotAsMany() {
        RankPlan even = plan(asked(RANKS, 2 * RANKS), Sharding.NONE, "h200");
        RankPlan uneven = plan(asked(RANKS, RANKS + 1), Sharding.NONE, "h200");

        assertThat(even.audio()).isEqualTo(0.8 * 2 * 2 * RANKS);
        assertThat(uneven.audio()).isEqualTo(0.8 * 2 * (RANKS + 1));
        assertThat(uneven.time()).isEqualTo(even.time());
    }

    @Test
    void streamsAreProgramsOfOneStep() {
        DevicePreset device = DevicePreset.of("cpu");
        Map<String, String> small = Map.of(
                "layers",
                "1",
                "d-model",
                "32",
                "heads",
                "2",
                "ffn",
                "48",
                "mels",
                "8",
                "channels",
                "4",
                "codebooks",
                "2",
                "codes",
                "512",
                "joint-width",
                "64",
                "prediction-width",
                "32");
        StepRecipe most = StepRecipe.named("most", "xs", 20, small, new AdamW(0.01, 1), 40);
        Asked asked = new Asked(most, 80, RANKS, RANKS, Compile.Options.DEFAULTS.with(Precision.BF16));
        RankPlan all = RankPlan.of(asked, Sharding.NONE, 2, device);

        assertThat(all.memory().total()).isEqualTo(all.program().bytes());
        assertThat(all.memory().bytes()).containsEntry(Kind.WEIGHTS, 4 * all.parameters());
        assertThat(all.memory().bytes().get(Kind.GRADIENTS)).isGreaterThanOrEqualTo(4 * all.parameters());
        assertThat(all.audio()).as("of two streams of three").isEqualTo(2 * 0.8 * 2 * RANKS);
        StepRecipe paired = StepRecipe.of(most.sources().get(0).objective(), most.optimizer());
        RankPlan one = RankPlan.of(new Asked(paired, 80, RANKS, RANKS, asked.options()), Sharding.NONE, 2, device);
        assertThat(all.parameters()).isGreaterThan(one.parameters());
        assertThat(all.time().products()).isGreaterThan(one.time().products());
        assertThat(all.launches()).isGreaterThan(one.launches());
        long gradients = 4 * all.parameters();
        assertThat(all.traffic().collectives().get(Op.REDUCE_SCATTER).bytes())
                .as("sums of all streams cross ranks once")
                .isBetween(gradients, gradients + gradients / 20);
    }

    @Test
    void everyRankNeedsAPart() {
        assertThatThrownBy(() -> asked(RANKS, RANKS - 1))
                .isInstanceOf(GlossaException.class)
                .hasMessage("Cannot plan for 4 ranks: found parts=3, expected a part of each batch for every rank"
                        + " (--set parts=4)");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 24})
    void programsOfOneStepShareArenaAndWorkspaceAndHaveEachItsConstants(int batch) {
        Asked asked = asked(RANKS, 3 * RANKS);
        Program program = LargestBatch.training(
                OBJECTIVE, new Bucket(batch, asked.frames()), asked.recipe().optimizer());
        Ranks ranks = new Ranks(new Rank(0, RANKS), Sharding.NONE);
        Trace declared = Joint.declared(program, Entry.GRADIENTS, ranks);
        Target target = DevicePreset.of("h200").target();
        List<ProgramMemory> each = Stream.of(Entry.GRADIENTS, Entry.APPLY)
                .map(entry -> Compile.lowered(
                        "step", Joint.graph(program, new Trace(), entry, ranks), target, asked.options(), Dumps.NONE))
                .map(lowered -> ProgramMemory.of(lowered, declared, target))
                .toList();
        ProgramMemory none = ProgramMemory.of(List.of(), declared, target, 0);
        ProgramMemory part = each.get(0);
        ProgramMemory update = each.get(1);

        RankPlan plan = plan(asked, Sharding.NONE, "h200", batch);

        assertThat(plan.program())
                .isEqualTo(new ProgramMemory(
                        part.state() + update.state() - none.state(),
                        Math.max(part.arena(), update.arena()),
                        Math.max(part.workspace(), update.workspace()),
                        part.staging() - 2 * UPDATE_READS + UPDATE_READS));
        assertThat(plan.memory().total()).isEqualTo(plan.program().bytes());
        assertThat(update.arena() > part.arena()).isEqualTo(batch == 1);
        assertThat(part.workspace()).isGreaterThan(update.workspace());
    }

    @Test
    void theLargestBatchIsTheLastThatFitsAndIsChosen() {
        DevicePreset device = room(plan(asked(RANKS, RANKS), Sharding.OPTIMIZER, "h200", 5)
                .memory()
                .total());
        List<String> lowered = new ArrayList<>();

        TrainingPlan plan = TrainingPlan.of(asked(RANKS, RANKS), device, BOTH, OptionalInt.empty(), lowered::add);

        RankPlan chosen = plan.chosen().orElseThrow();
        assertThat(chosen.sharding()).isEqualTo(Sharding.OPTIMIZER);
        assertThat(chosen.batch()).isEqualTo(5);
        assertThat(plan.plans()).hasSize(2).contains(chosen);
        assertThat(plan.why()).startsWith("sharding=optimizer with batches of 5: ");
        assertThat(lowered).contains("sharding=none, batch 1", "sharding=optimizer, batch 5");
    }

    @Test
    void parametersAreSharedWhereNothingElseFits() {
        long takes = plan(asked(RANKS, RANKS), Sharding.PARAMETERS, "h200", 2)
                .memory()
                .total();

        TrainingPlan plan = TrainingPlan.of(
                asked(RANKS, RANKS), room(takes), List.of(Sharding.values()), OptionalInt.of(2), what -> {});

        assertThat(plan.plans()).hasSize(3);
        assertThat(plan.chosen().orElseThrow().sharding()).isEqualTo(Sharding.PARAMETERS);
        assertThat(plan.why()).startsWith("sharding=parameters with batches of 2: sharding=none takes ");
    }

    @Test
    void whereNothingFitsItSaysWhatBindsAndWhatWouldHelp() {
        long takes = plan(asked(RANKS, RANKS), Sharding.OPTIMIZER, "h200", 1)
                .memory()
                .total();
        DevicePreset device = room(takes - 1000);

        TrainingPlan plan = TrainingPlan.of(asked(RANKS, RANKS), device, BOTH, OptionalInt.empty(), what -> {});

        assertThat(plan.chosen()).isEmpty();
        assertThat(plan.plans()).allMatch(each -> each.batch() == 1);
        assertThat(plan.why())
                .startsWith("1 utterance takes " + TrainingPlan.gigabytes(takes) + " with sharding=optimizer");
        assertThat(plan.remedies())
                .anyMatch(each -> each.startsWith("optimizer-state=bf16: ") && each.endsWith("which fits"));
    }

    @Test
    void whereABatchDoesNotFitItNamesTheLargestThatDoes() {
        Asked asked = asked(RANKS, RANKS);
        List<Sharding> way = List.of(Sharding.OPTIMIZER);
        long takes = plan(asked, Sharding.OPTIMIZER, "h200", 2).memory().total();

        TrainingPlan some = TrainingPlan.of(asked, room(takes), way, OptionalInt.of(4), what -> {});
        assertThat(some.chosen()).isEmpty();
        assertThat(some.remedies()).contains("batches of 2: " + TrainingPlan.gigabytes(takes) + ", which fits");

        TrainingPlan none = TrainingPlan.of(asked, room(1000), way, OptionalInt.of(2), what -> {});
        assertThat(none.remedies())
                .anyMatch(each -> each.startsWith("batches of 1: ") && each.endsWith(", which does not fit either"));
    }

    @Test
    void aBudgetThatNothingKeepsIsAnsweredByTheCompiler() {
        Asked asked = asked(1, 1).withActivations(1 << 16);
        DevicePreset device = DevicePreset.of("cpu");

        assertThatThrownBy(
                        () -> TrainingPlan.of(asked, device, List.of(Sharding.NONE), OptionalInt.empty(), what -> {}))
                .isInstanceOf(GlossaException.class)
                .hasMessageStartingWith("Cannot fit the activations of program '1x80' into 1 MB: found ");
    }

    @Test
    void aWayThatKeepsTheBudgetIsPlannedWithoutTheOther() {
        DevicePreset device = DevicePreset.of("h200");
        long whole =
                plan(asked(RANKS, RANKS), Sharding.NONE, "h200", 1).program().arena();
        long shared = plan(asked(RANKS, RANKS), Sharding.OPTIMIZER, "h200", 1)
                .program()
                .arena();
        assertThat(shared).isLessThan(whole);

        TrainingPlan plan = TrainingPlan.of(
                asked(RANKS, RANKS).withActivations(shared), device, BOTH, OptionalInt.of(1), what -> {});

        assertThat(plan.plans()).singleElement().matches(each -> each.sharding() == Sharding.OPTIMIZER);
        assertThat(plan.why()).endsWith("sharding=none does not keep the activation budget");
    }

    private static Percentage within(double share) {
        return Percentage.withPercentage(100 * share);
    }

    /** A GPU with so much room for programs. */
    private static DevicePreset room(long bytes) {
        DevicePreset device = DevicePreset.of("h200");
        return device.withMemory(
                bytes + device.margin() + (long) device.memory().idle().value());
    }

    private static DevicePreset slower(DevicePreset device) {
        DevicePreset.Kernels rates = device.kernels();
        Rate half = new Rate(rates.memory().value() / 2, Rate.Basis.ASSUMED, "half");
        DevicePreset.Kernels other = new DevicePreset.Kernels(
                rates.fp32(), rates.bf16(), rates.fp8(), rates.attention(), half, rates.launch());
        return new DevicePreset(device.name(), device.title(), device.target(), device.memory(), other, device.links());
    }

    private static RankPlan plan(Asked asked, Sharding way, String device) {
        return plan(asked, way, device, 2);
    }

    private static RankPlan plan(Asked asked, Sharding way, String device, int batch) {
        return RankPlan.of(asked, way, batch, DevicePreset.of(device));
    }

    private static Asked asked(int ranks, int parts) {
        return new Asked(
                StepRecipe.of(OBJECTIVE, new AdamW(0.01, 1)),
                80,
                ranks,
                parts,
                Compile.Options.DEFAULTS.with(Precision.BF16));
    }
}
