package io.glossa.trainer.plan;

import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.trainer.autograd.Sharding;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.runtime.MemoryKinds.Kind;
import io.glossa.trainer.train.LargestBatch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * How a training would run on a device, for each way to share a model out.
 *
 * @param plans of the largest batch that fits, or of one utterance where none does, or of the batch that was asked for; of
 *     all ways that keep the activation budget
 * @param chosen the one of them that fits and gets through most audio, if any fits
 * @param why it is chosen, or what binds
 * @param remedies where none fits: what was tried besides, and what came
 */
public record TrainingPlan(
        Asked asked,
        DevicePreset device,
        List<RankPlan> plans,
        Optional<RankPlan> chosen,
        String why,
        List<String> remedies) {
    private static final double GB = 1e9;

    /** What must be gained to leave the simpler way. */
    private static final double WORTH = 1.01;

    /** Utterances of a part beyond which nobody looks. */
    private static final int MOST = 1 << 14;

    /**
     * Lowers the programs.
     *
     * @param ways to share a model out, the simplest first
     * @param batch utterances of a part; empty: as many as fit
     * @param progress is told before each program
     * @throws GlossaException of type USER, the compiler's, where no way keeps the activation budget
     */
    public static TrainingPlan of(
            Asked asked, DevicePreset device, List<Sharding> ways, OptionalInt batch, Consumer<String> progress) {
        List<RankPlan> plans = new ArrayList<>();
        List<Sharding> over = new ArrayList<>();
        for (Sharding way : ways) {
            try {
                plans.add(plan(asked, device, way, batch, progress));
            } catch (GlossaException e) {
                over.add(way);
                if (!isOverBudget(e, asked) || over.size() == ways.size()) {
                    throw e;
                }
            }
        }
        RankPlan best = null;
        for (RankPlan plan : plans) {
            if (fits(plan, device) && (best == null || plan.rtfx() > WORTH * best.rtfx())) {
                best = plan;
            }
        }
        if (best == null) {
            RankPlan smallest = plans.get(plans.size() - 1);
            return new TrainingPlan(
                    asked,
                    device,
                    plans,
                    Optional.empty(),
                    binding(smallest, device),
                    remedies(asked, device, smallest, progress));
        }
        return new TrainingPlan(asked, device, plans, Optional.of(best), reason(best, plans, over, device), List.of());
    }

    /** Whether a rank's programs have room on a device. */
    public static boolean fits(RankPlan plan, DevicePreset device) {
        return plan.memory().total() <= device.free();
    }

    private static RankPlan plan(
            Asked asked, DevicePreset device, Sharding way, OptionalInt batch, Consumer<String> progress) {
        return batch.isPresent()
                ? lowered(asked, device, way, batch.getAsInt(), progress)
                : largest(asked, device, way, MOST, progress);
    }

    /** Of the largest batch that fits, or of one utterance where none does. */
    private static RankPlan largest(
            Asked asked, DevicePreset device, Sharding way, int most, Consumer<String> progress) {
        Map<Integer, RankPlan> seen = new HashMap<>();
        seen.put(1, lowered(asked, device, way, 1, progress));
        LargestBatch largest = LargestBatch.of(
                utterances -> {
                    if (!seen.containsKey(utterances)) {
                        withinBudget(asked, device, way, utterances, progress)
                                .ifPresent(plan -> seen.put(utterances, plan));
                    }
                    return Optional.ofNullable(seen.get(utterances)).map(RankPlan::program);
                },
                most,
                device.free());
        return seen.get(Math.max(1, largest.utterances()));
    }

    private static Optional<RankPlan> withinBudget(
            Asked asked, DevicePreset device, Sharding way, int utterances, Consumer<String> progress) {
        try {
            return Optional.of(lowered(asked, device, way, utterances, progress));
        } catch (GlossaException e) {
            if (isOverBudget(e, asked)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static boolean isOverBudget(GlossaException e, Asked asked) {
        return e.type() == ErrorType.USER && asked.options().activationBytes() < Long.MAX_VALUE;
    }

    private static RankPlan lowered(
            Asked asked, DevicePreset device, Sharding way, int utterances, Consumer<String> progress) {
        progress.accept("sharding=" + word(way) + ", batch " + utterances);
        return RankPlan.of(asked, way, utterances, device);
    }

    /** As settings have it. */
    public static String word(Sharding way) {
        return way.name().toLowerCase(Locale.ROOT);
    }

    private static String reason(RankPlan best, List<RankPlan> plans, List<Sharding> over, DevicePreset device) {
        String what = "sharding=" + word(best.sharding()) + " with batches of " + best.batch() + ": ";
        if (!over.isEmpty()) {
            return what + "it fits, and sharding=" + word(over.get(0)) + " does not keep the activation budget";
        }
        List<RankPlan> others = plans.stream().filter(plan -> plan != best).toList();
        if (others.isEmpty()) {
            return what + "it fits, and is the only way that was asked for";
        }
        Optional<RankPlan> tooLarge =
                others.stream().filter(plan -> !fits(plan, device)).findFirst();
        if (tooLarge.isPresent()) {
            return what + "sharding=" + word(tooLarge.get().sharding()) + " takes "
                    + gigabytes(tooLarge.get().memory().total()) + " for "
                    + tooLarge.get().batch() + ", where "
                    + gigabytes(device.free()) + " are free";
        }
        RankPlan other = Collections.max(others, Comparator.comparingDouble(RankPlan::rtfx));
        double gain = best.rtfx() / other.rtfx() - 1;
        String against = "sharding=" + word(other.sharding()) + " with " + other.batch();
        String simple = best == plans.get(0) ? "as simple as can be" : "simpler";
        return gain <= 0
                ? what + simple + ", and " + against + " gets through less than 1 % more audio"
                : what + String.format(Locale.ROOT, "%.1f %% more audio an hour than %s", 100 * gain, against);
    }

    private static String binding(RankPlan plan, DevicePreset device) {
        long state = plan.program().state();
        String all = plan.batch() + (plan.batch() == 1 ? " utterance takes " : " utterances take ")
                + gigabytes(plan.memory().total()) + " with sharding=" + word(plan.sharding()) + ", where "
                + gigabytes(device.free()) + " are free; ";
        if (state > device.free()) {
            return all + "what is carried from step to step alone has " + gigabytes(state) + ", of which weights "
                    + gigabytes(plan.memory().bytes().get(Kind.WEIGHTS)) + " and moments "
                    + gigabytes(plan.memory().bytes().get(Kind.MOMENTS));
        }
        return all + "beside the " + gigabytes(state) + " that are carried from step to step, a step's memory has "
                + gigabytes(plan.program().arena());
    }

    private static List<String> remedies(
            Asked asked, DevicePreset device, RankPlan smallest, Consumer<String> progress) {
        List<String> remedies = new ArrayList<>();
        int batch = smallest.batch();
        Sharding way = smallest.sharding();
        if (batch > 1) {
            RankPlan less = largest(asked, device, way, batch - 1, progress);
            remedies.add(tried("batches of " + less.batch(), Optional.of(less), device));
        }
        Asked rounded = asked.with(DType.BF16);
        if (asked.recipe().optimizer().moments() == DType.F32) {
            remedies.add(tried("optimizer-state=bf16", withinBudget(rounded, device, way, batch, progress), device));
        }
        long room =
                device.free() - smallest.program().bytes() + smallest.program().arena();
        if (room > 0) {
            remedies.add(tried(
                    "an activation budget of " + (room >> 20) + " MB",
                    withinBudget(asked.withActivations(room), device, way, batch, progress),
                    device));
        }
        if (way == Sharding.NONE) {
            remedies.add("more ranks with sharding=parameters: of the weights' "
                    + gigabytes(smallest.memory().bytes().get(Kind.WEIGHTS)) + " and the moments' "
                    + gigabytes(smallest.memory().bytes().get(Kind.MOMENTS)) + " each of N ranks has a part alone");
        }
        remedies.add(
                "a device with " + gigabytes(smallest.memory().total() - device.free()) + " more, or a smaller model");
        return remedies;
    }

    private static String tried(String what, Optional<RankPlan> found, DevicePreset device) {
        return what + ": "
                + found.map(plan -> gigabytes(plan.memory().total()) + ", which "
                                + (fits(plan, device) ? "fits" : "does not fit either"))
                        .orElse("not to be kept, whatever is computed again");
    }

    /** So many bytes for a person. */
    public static String gigabytes(long bytes) {
        return String.format(Locale.ROOT, "%,.1f GB", bytes / GB);
    }
}
