package io.glossa.jobs.train;

import io.glossa.error.Background;
import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/**
 * That one driver at a time trains in a folder: a file in it that its driver writes again and again. Who finds another's looks, by
 * its own clock, whether it changes; so it does not matter what the clocks of two machines say.
 */
final class DriverLease implements AutoCloseable {
    private static final Duration RENEWED = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Folder folder;
    private final LeaseFile file;
    private final ScheduledExecutorService thread = Background.timers("glossa-lease", 1);
    private Driver own = Driver.here();
    private Optional<Driver> successor = Optional.empty();
    private Optional<Thread> worker = Optional.empty();
    private boolean closed;

    /**
     * Takes a folder; where another driver was there last, after half a minute in which it was not heard of, or at once if it is
     * known to be gone.
     *
     * @throws GlossaException of type USER that names a driver that is there
     */
    static DriverLease take(Folder folder) {
        return take(folder, RENEWED, PATIENCE);
    }

    static DriverLease take(Folder folder, Duration renewed, Duration patience) {
        LeaseFile file = new LeaseFile(folder);
        file.read().filter(driver -> !driver.hasEnded()).ifPresent(driver -> outlive(driver, file, renewed, patience));
        return new DriverLease(folder, file, renewed);
    }

    private DriverLease(Folder folder, LeaseFile file, Duration renewed) {
        this.folder = folder;
        this.file = file;
        file.write(own);
        // Soon for the first time: of two that begin at once, one finds the other's.
        long millis = renewed.toMillis();
        thread.scheduleWithFixedDelay(this::renew, millis / 5, millis, TimeUnit.MILLISECONDS);
    }

    private static void outlive(Driver driver, LeaseFile file, Duration renewed, Duration patience) {
        System.err.println("Found " + driver + ", which has not said that it ended: looking for up to "
                + patience.toSeconds() + " s whether it is there");
        long until = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < until) {
            pause(renewed.dividedBy(2));
            Optional<Driver> now = file.read();
            if (now.isEmpty()) {
                return;
            }
            if (!now.get().equals(driver)) {
                throw GlossaException.user("Cannot train in " + file.folder() + ": " + now.get()
                        + " trains there, expected no other (let it end, or name another folder by --out)");
            }
        }
    }

    private static void pause(Duration length) {
        try {
            Thread.sleep(length.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw GlossaException.resource("Cannot wait for another driver: interrupted")
                    .causedBy(e);
        }
    }

    /**
     * Does work that ends soon when another driver takes the folder, which it may if this one stood still for long.
     *
     * @throws GlossaException of type RESOURCE that names the other one
     */
    void guard(Runnable work) {
        synchronized (this) {
            worker = Optional.of(Thread.currentThread());
        }
        try {
            work.run();
        } catch (RuntimeException e) {
            requireHeld(e);
            throw e;
        } finally {
            synchronized (this) {
                worker = Optional.empty();
            }
        }
    }

    private synchronized void requireHeld(RuntimeException cause) {
        if (successor.isPresent()) {
            Thread.interrupted(); // which was done below
            throw GlossaException.resource("Cannot go on training in " + folder + ": " + successor.get()
                            + " has taken the folder, expected this driver to keep it (it stood still for too long, or both began at"
                            + " once)")
                    .causedBy(cause);
        }
    }

    private synchronized void renew() {
        if (closed) {
            return;
        }
        if (successor.isEmpty()) {
            renewUnlessTaken();
        }
        if (successor.isPresent()) {
            worker.ifPresent(Thread::interrupt); // again and again: not all that it does heeds that
        }
    }

    private void renewUnlessTaken() {
        try {
            successor = file.read().filter(now -> !now.equals(own));
            if (successor.isEmpty()) {
                own = own.renewed();
                file.write(own);
            }
        } catch (GlossaException e) {
            LoggerFactory.getLogger(DriverLease.class)
                    .warn("Cannot renew the lease", e); // checkpoints will tell, if that lasts
        }
    }

    /** Leaves the folder to others. */
    @Override
    public synchronized void close() {
        closed = true;
        thread.shutdown();
        if (successor.isEmpty()) {
            try {
                folder.delete(LeaseFile.NAME);
            } catch (IOException e) {
                LoggerFactory.getLogger(DriverLease.class).warn("Cannot delete {}", folder.file(LeaseFile.NAME), e);
            }
        }
    }
}
