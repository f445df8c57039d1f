package io.glossa.jobs.chaos;

import io.glossa.error.Background;
import io.glossa.error.GlossaException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Breaks executors of a run at random moments, for a while. */
final class Chaos {
    private final List<Fault> faults;
    private final Duration every;
    private final RandomGenerator random;
    private final Executors executors;
    private final Consumer<String> said;
    private final List<Strike> strikes = new ArrayList<>();
    private final List<Runnable> remedies = new ArrayList<>();
    private final ScheduledExecutorService timer = Background.timers("glossa-chaos", 1);

    /**
     * Faults come as a Poisson process, whatever the run is at.
     *
     * @param every mean time from one to the next
     * @param said gets a line for each
     */
    Chaos(List<Fault> faults, Duration every, long seed, Executors executors, Consumer<String> said) {
        this.faults = faults;
        this.every = every;
        this.random = new Random(seed);
        this.executors = executors;
        this.said = said;
    }

    /** Breaks, until the time is over or the run has ended; what was done, in its order. */
    List<Strike> run(Duration length, Process run) {
        long end = System.nanoTime() + length.toNanos();
        try {
            while (!run.waitFor(gap().toMillis(), TimeUnit.MILLISECONDS) && System.nanoTime() < end) {
                strike();
            }
            run.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw GlossaException.resource("Cannot wait for the run: interrupted")
                    .causedBy(e);
        } finally {
            Background.end(timer);
            remedies.forEach(Runnable::run);
        }
        return strikes;
    }

    private Duration gap() {
        return Duration.ofMillis((long) (-Math.log(1 - random.nextDouble()) * every.toMillis()));
    }

    private void strike() {
        Fault fault = faults.get(random.nextInt(faults.size()));
        List<Long> alive = executors.alive();
        if (alive.isEmpty()) {
            said.accept(fault + ": the run has no executor on this machine just now");
            return;
        }
        long pid = alive.get(random.nextInt(alive.size()));
        Instant at = Instant.now();
        Optional<Runnable> remedy = fault.strike(pid);
        if (remedy.isPresent()) {
            strikes.add(new Strike(fault, pid, at));
            remedies.add(remedy.get());
            timer.schedule(remedy.get(), fault.length().toMillis(), TimeUnit.MILLISECONDS);
            said.accept(fault + " executor process " + pid + " at " + at);
        } else {
            said.accept(fault + ": executor process " + pid + " has ended, or no network of its own");
        }
    }
}
