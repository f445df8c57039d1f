package io.glossa.jobs.ingest;

import io.glossa.featurize.StageSummary;
import io.glossa.featurize.ingest.IngestStage;
import io.glossa.jobs.cli.Summary;
import io.glossa.jobs.spark.TaskProgress;
import java.util.Locale;

/** A line for each wave: how many of how many, audio hours per hour so far. */
final class IngestProgress implements IngestStage.Watch {
    private final TaskProgress progress;
    private final long start = System.nanoTime();
    private long earlier = -1;

    IngestProgress(TaskProgress progress) {
        this.progress = progress;
    }

    @Override
    public void begins(int wave, int waves, long files, StageSummary done) {
        if (earlier < 0) {
            earlier = done.in();
        }
        long finished = done.in() - earlier;
        if (waves < 2) {
            progress.expect(finished, files);
            return;
        }
        String where = wave == waves
                ? String.format(Locale.ROOT, "%,d waves done", waves)
                : String.format(Locale.ROOT, "wave %,d of %,d", wave + 1, waves);
        double rate = done.audioSeconds() / Summary.secondsSince(start);
        progress.tell(
                finished,
                files,
                done.audioSeconds() > 0
                        ? String.format(Locale.ROOT, "%s, %,.0f audio hours per hour", where, rate)
                        : where);
    }
}
