package io.glossa.jobs.plan;

import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.plan.DevicePreset;
import io.glossa.trainer.plan.RankPlan;
import io.glossa.trainer.plan.Rate;
import io.glossa.trainer.plan.TrainingPlan;
import io.glossa.trainer.runtime.MemoryKinds.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A plan for programs to read. Bytes and seconds are of one rank and one step.
 *
 * @param parts of a step, of all ranks
 * @param partsOfRank those that a rank with most of them does, one after the other
 * @param freeBytes of a device, for programs
 * @param chosen the sharding to use; empty where nothing fits
 * @param rates the device's figures that times rest on
 */
record PlanLine(
        String preset,
        String objective,
        String dtype,
        String device,
        int ranks,
        int parts,
        int partsOfRank,
        double seconds,
        long deviceBytes,
        long idleBytes,
        long marginBytes,
        long freeBytes,
        List<Way> plans,
        String chosen,
        String why,
        List<String> remedies,
        Map<String, Rate> rates) {
    /**
     * One way to share the model out.
     *
     * @param batches utterances of a part, by what is learned from
     * @param bytes by kind
     * @param plannedBytes of a process beyond one that is idle with the device open
     * @param arenaBytes activations and gradients of the largest program
     * @param sent bytes by collective
     * @param launches kernels started in a step
     * @param rtfx audio hours per hour of all ranks
     */
    record Way(
            String sharding,
            int batch,
            Map<String, Integer> batches,
            boolean fits,
            long parameters,
            Map<String, Long> bytes,
            long plannedBytes,
            long arenaBytes,
            Map<String, Long> sent,
            long sentBytes,
            long launches,
            double stepS,
            Map<String, Double> seconds,
            double rtfx) {}

    static PlanLine of(TrainingPlan plan, String preset, String dtype) {
        DevicePreset device = plan.device();
        return new PlanLine(
                preset,
                plan.asked().recipe().kind(),
                dtype,
                device.name(),
                plan.asked().ranks(),
                plan.asked().parts(),
                plan.asked().partsOfRank(),
                plan.asked().frames() / 100.0,
                (long) device.memory().all().value(),
                (long) device.memory().idle().value(),
                device.margin(),
                device.free(),
                plan.plans().stream().map(each -> way(each, plan)).toList(),
                plan.chosen().map(RankPlan::sharding).map(TrainingPlan::word).orElse(""),
                plan.why(),
                plan.remedies(),
                rates(device, dtype));
    }

    private static Way way(RankPlan plan, TrainingPlan of) {
        DevicePreset device = of.device();
        Map<String, Integer> batches = new LinkedHashMap<>();
        Bucket batch = new Bucket(plan.batch(), of.asked().frames());
        of.asked()
                .recipe()
                .sources()
                .forEach(source ->
                        batches.put(source.name(), source.bucket(batch).utterances()));
        Map<String, Long> bytes = new LinkedHashMap<>();
        for (Kind kind : Kind.values()) {
            bytes.put(lower(kind), plan.memory().bytes().get(kind));
        }
        bytes.put("process", device.process());
        Map<String, Long> sent = new LinkedHashMap<>();
        plan.traffic().collectives().forEach((op, each) -> sent.put(lower(op), each.sent()));
        Map<String, Double> seconds = new LinkedHashMap<>();
        seconds.put("products", plan.time().products());
        seconds.put("attention", plan.time().attention());
        seconds.put("others", plan.time().others());
        seconds.put("launches", plan.time().launches());
        seconds.put("waits", plan.time().waits());
        seconds.put("collectives", plan.time().collectives());
        return new Way(
                TrainingPlan.word(plan.sharding()),
                plan.batch(),
                batches,
                TrainingPlan.fits(plan, device),
                plan.parameters(),
                bytes,
                plan.memory().total() + device.process(),
                plan.program().arena(),
                sent,
                plan.traffic().sent(),
                plan.launches(),
                plan.time().seconds(),
                seconds,
                plan.rtfx());
    }

    private static Map<String, Rate> rates(DevicePreset device, String dtype) {
        Map<String, Rate> rates = new LinkedHashMap<>();
        rates.put("fp32 products, FLOP/s", device.kernels().fp32());
        if (dtype.startsWith("bf")) {
            rates.put("bf16 products, FLOP/s", device.kernels().bf16());
        } else if (dtype.startsWith("fp8")) {
            rates.put("bf16 products, FLOP/s", device.kernels().bf16());
            rates.put("fp8 products, FLOP/s", device.kernels().fp8());
        }
        rates.put("attention, FLOP/s", device.kernels().attention());
        rates.put("other kernels, bytes/s", device.kernels().memory());
        rates.put("from kernel to kernel, s", device.kernels().launch());
        rates.put("within a machine, bytes/s", device.links().within());
        rates.put("out of a machine, bytes/s", device.links().between());
        rates.put("beginning a collective, s", device.links().begin());
        rates.put("device memory, bytes", device.memory().all());
        rates.put("idle process, bytes", device.memory().idle());
        rates.put("process beside its program, bytes", device.memory().process());
        return rates;
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
