package io.glossa.trainer.train;

/**
 * What {@link TrainBench} measured.
 *
 * @param hardware what the device is made of
 * @param ranks processes that trained together, each on so many threads and batches of its own
 * @param stepS median seconds of a step
 * @param rtfx audio seconds per second, of all ranks together
 * @param firstS from the start of the JVM to the end of the first step
 * @param warmFirstS the same of a JVM that found all kernels in the cache
 * @param arenaMb memory of activations
 * @param idleMb memory that the whole process held when it had opened the device, and nothing else
 * @param peakMb most memory that the whole process held, the Java machine included
 * @param deviceMb memory taken of a device that has its own: state, activations, scratch, batches, code; else 0
 * @param plannedMb what a plan says of this growth, or of this memory of a device; 0 where none was made
 * @param gflop of one step, by the formula of {@link io.glossa.trainer.objective.Objective#flop}
 * @param loss after the last step
 */
public record BenchResult(
        String hardware,
        String objective,
        String size,
        String dtype,
        long params,
        int batch,
        int seconds,
        int threads,
        int ranks,
        double stepS,
        double rtfx,
        double firstS,
        double warmFirstS,
        double arenaMb,
        double idleMb,
        double peakMb,
        double deviceMb,
        double plannedMb,
        double gflop,
        double loss) {
    /** Memory where the step runs, of one utterance. */
    public double utteranceMb() {
        return (deviceMb > 0 ? deviceMb : peakMb) / batch;
    }

    /** Memory that was taken beyond an idle process with the device open. */
    public double grownMb() {
        return deviceMb > 0 ? deviceMb : peakMb - idleMb;
    }

    /** The same with the first step of another process, whose cache was empty. */
    public BenchResult withFirst(double cold) {
        return with(cold, plannedMb);
    }

    /** The same with what a plan says. */
    public BenchResult withPlanned(double mb) {
        return with(firstS, mb);
    }

    private BenchResult with(double cold, double planned) {
        return new BenchResult(
                hardware,
                objective,
                size,
                dtype,
                params,
                batch,
                seconds,
                threads,
                ranks,
                stepS,
                rtfx,
                cold,
                warmFirstS,
                arenaMb,
                idleMb,
                peakMb,
                deviceMb,
                planned,
                gflop,
                loss);
    }
}
