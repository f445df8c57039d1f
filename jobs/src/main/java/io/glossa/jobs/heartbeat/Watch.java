package io.glossa.jobs.heartbeat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * What the driver knows of the ranks of one attempt. The first loss stays; what follows from it is not told. Any thread may ask and
 * tell.
 */
final class Watch {
    /** @param limit how long it may be silent from then on */
    private record Heard(Beat beat, long nanos, Duration limit) {}

    private final Deadlines deadlines;
    private final LongSupplier clock;
    private final Consumer<String> said;
    private final Replicas replicas;
    private final Pace pace;
    private final Map<Integer, Heard> heard = new TreeMap<>();
    private final Set<Integer> ended = new HashSet<>();
    private long step = -1;
    private long stepNanos;
    private double stepSeconds;
    private Optional<Loss> loss = Optional.empty();

    /**
     * @param ranks that there are
     * @param clock in nanoseconds
     * @param said gets a line of what is no loss, but to be known
     */
    Watch(Deadlines deadlines, int ranks, LongSupplier clock, Consumer<String> said) {
        this.deadlines = deadlines;
        this.clock = clock;
        this.said = said;
        replicas = new Replicas(ranks);
        pace = new Pace(ranks);
        stepNanos = clock.getAsLong();
    }

    /** A rank's task was sent to an executor. */
    synchronized void sent(int rank, String host, String executor) {
        if (!ended.contains(rank) && loss.isEmpty()) {
            begin();
            Beat none = Beat.first("", rank, host, executor);
            heard.putIfAbsent(rank, new Heard(none, clock.getAsLong(), deadlines.start()));
        }
    }

    /** What a rank told. */
    synchronized Answer hear(Beat beat) {
        if (loss.isPresent()) {
            return Answer.end(loss.get().cause());
        }
        if (ended.contains(beat.rank())) {
            return Answer.end("its rank has ended");
        }
        Optional<String> difference = replicas.hear(beat);
        if (difference.isPresent()) {
            loss = Optional.of(new Loss("", difference.get(), 0, false));
            return Answer.end(difference.get());
        }
        pace.hear(beat).ifPresent(said);
        begin();
        long now = clock.getAsLong();
        heard.put(beat.rank(), new Heard(beat, now, deadlines.silence()));
        if (beat.step() > step) {
            step = beat.step();
            stepNanos = now;
            stepSeconds = beat.stepSeconds();
        }
        return new Answer("", pace.metrics());
    }

    /** A rank has ended, and is not missed. */
    synchronized void ended(int rank) {
        heard.remove(rank);
        ended.add(rank);
    }

    /** A rank has ended, and the others cannot go on. */
    synchronized void failed(int rank, String message) {
        ended(rank);
        lose("", "rank " + rank + " failed: " + message, 0);
    }

    /** Whether none is left that was heard of. */
    synchronized boolean isQuiet() {
        return heard.isEmpty();
    }

    /** Spark has lost an executor. */
    synchronized void removed(String executor, String reason) {
        for (Heard last : heard.values()) {
            if (last.beat().executor().equals(executor)) {
                lose(executor, last.beat().place() + " is gone (" + reason + ")", seconds(last.nanos()));
                ended.add(last.beat().rank());
            }
        }
        heard.keySet().removeAll(ended);
    }

    /** Who was lost first, if anybody was, by now. */
    synchronized Optional<Loss> loss() {
        heard.values().stream()
                .filter(last -> isPast(last.nanos(), last.limit()))
                .min((a, b) -> Long.compare(a.nanos(), b.nanos()))
                .ifPresent(last -> lose(
                        last.beat().executor(),
                        String.format(
                                Locale.ROOT,
                                "%s was not heard for %.1f s, %s",
                                last.beat().place(),
                                seconds(last.nanos()),
                                standing(last.beat())),
                        seconds(last.nanos())));
        if (!heard.isEmpty() && isPast(stepNanos, deadlines.stall(stepSeconds))) {
            lose("", String.format(Locale.ROOT, "no rank has done a step for %.0f s", seconds(stepNanos)), 0);
        }
        return loss;
    }

    /** The watch itself stood still for so long, in which nobody could be heard. */
    synchronized void paused(long nanos) {
        heard.replaceAll((rank, last) -> new Heard(last.beat(), last.nanos() + nanos, last.limit()));
        stepNanos += nanos;
    }

    /** Steps done, as far as was heard; -1: none is training. */
    synchronized long step() {
        return step;
    }

    /** Before the first rank is there, none can be stuck. */
    private void begin() {
        if (heard.isEmpty() && step < 0) {
            stepNanos = clock.getAsLong();
        }
    }

    private static String standing(Beat beat) {
        return beat.step() < 0 ? "before its first step" : "last at step " + beat.step();
    }

    private void lose(String executor, String cause, double noticedSeconds) {
        if (loss.isEmpty()) {
            loss = Optional.of(new Loss(executor, cause, noticedSeconds));
        }
    }

    private boolean isPast(long since, Duration limit) {
        return clock.getAsLong() - since > limit.toNanos();
    }

    private double seconds(long since) {
        return (clock.getAsLong() - since) / 1e9;
    }
}
