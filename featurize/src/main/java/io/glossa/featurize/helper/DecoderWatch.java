package io.glossa.featurize.helper;

import io.glossa.featurize.RejectCode;
import io.glossa.featurize.decode.Decoded;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Ends a helper that overruns its time, or whose thread is interrupted, while something waits for its word. */
final class DecoderWatch implements AutoCloseable {
    private static final long FIRST_MS = 1000;
    private static final long EVERY_MS = 250;
    private static final double NANOS = 1e9;
    private static final ScheduledThreadPoolExecutor CLOCK = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "decoder-watch");
        thread.setDaemon(true);
        return thread;
    });

    static {
        CLOCK.setRemoveOnCancelPolicy(true);
    }

    private final Process process;
    private final double cpuSeconds;
    private final Thread caller = Thread.currentThread();
    private final long start = System.nanoTime();
    private double used = Double.NaN;
    private final ScheduledFuture<?> ticks;
    private volatile boolean overran;

    /**
     * @param cpuSeconds of processor time that the process may take; counted from the first look on, as most files are done
     *     before it and asking takes a tenth of a millisecond
     */
    DecoderWatch(Process process, double cpuSeconds) {
        this.process = process;
        this.cpuSeconds = cpuSeconds;
        ticks = CLOCK.scheduleWithFixedDelay(this::look, FIRST_MS, EVERY_MS, TimeUnit.MILLISECONDS);
    }

    /** Does something now and then, as long as this process runs. */
    static void every(long seconds, Runnable task) {
        CLOCK.scheduleWithFixedDelay(task, seconds, seconds, TimeUnit.SECONDS);
    }

    private void look() {
        double now = used();
        used = Double.isNaN(used) ? now : used;
        overran =
                now - used > cpuSeconds || (System.nanoTime() - start) / NANOS > DecoderLimits.wallSeconds(cpuSeconds);
        if (overran || caller.isInterrupted()) {
            process.destroyForcibly();
        }
    }

    /** Processor time of all its threads so far, s; 0 where the system does not tell. */
    private double used() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / NANOS;
    }

    boolean overran() {
        return overran;
    }

    Decoded.Reject reject() {
        return new Decoded.Reject(
                RejectCode.DECODER_TIMEOUT,
                String.format(
                        Locale.ROOT,
                        "its decoder took more than %.1f s of processor time, or %.0f s on the clock",
                        cpuSeconds,
                        DecoderLimits.wallSeconds(cpuSeconds)));
    }

    @Override
    public void close() {
        ticks.cancel(false);
    }
}
