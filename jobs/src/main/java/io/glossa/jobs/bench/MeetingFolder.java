package io.glossa.jobs.bench;

import io.glossa.error.GlossaException;
import io.glossa.trainer.data.Rank;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Where ranks of one machine tell each other a line each: a file per rank, which appears whole. */
record MeetingFolder(Path folder, Rank rank) {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofMillis(5);

    /** What all tell, in the order of the ranks; waits for all. */
    List<String> gathered(String own) {
        try {
            Path part = Files.writeString(folder.resolve("part-" + rank.index()), own);
            Files.move(part, file(rank.index()), StandardCopyOption.ATOMIC_MOVE);
            List<String> told = new ArrayList<>();
            long until = System.nanoTime() + PATIENCE.toNanos();
            for (int other = 0; other < rank.count(); other++) {
                while (!Files.exists(file(other))) {
                    if (System.nanoTime() > until) {
                        throw GlossaException.resource("Cannot measure " + rank.count() + " ranks: rank " + other
                                + " said nothing for " + PATIENCE.toSeconds() + " s, expected all to start");
                    }
                    Thread.sleep(PAUSE.toMillis());
                }
                told.add(Files.readString(file(other)));
            }
            return told;
        } catch (IOException e) {
            throw GlossaException.resource("Cannot meet other ranks in " + folder + ": " + e)
                    .causedBy(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw GlossaException.resource("Cannot meet other ranks: interrupted")
                    .causedBy(e);
        }
    }

    private Path file(int other) {
        return folder.resolve("rank-" + other);
    }
}
