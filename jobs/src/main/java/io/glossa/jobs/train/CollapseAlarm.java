package io.glossa.jobs.train;

import io.glossa.trainer.train.SkippedStep;
import io.glossa.trainer.train.StepListener;
import io.glossa.trainer.train.StepReport;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;

/**
 * Says once that a text encoder makes nearly the same frame of any text: by the averages of the standard
 * deviation of its frames, or of the number of directions in which they differ.
 */
final class CollapseAlarm implements StepListener {
    private static final double LEAST_DEVIATION = 0.01;
    private static final double LEAST_RANK = 1.2;

    private final String job;
    private final StepListener others;
    private final PrintStream out;
    private boolean said;

    /**
     * @param others gets all that this one does
     * @param out where it says so
     */
    CollapseAlarm(String job, StepListener others, PrintStream out) {
        this.job = job;
        this.others = others;
        this.out = out;
    }

    @Override
    public void onStep(StepReport report) {
        Map<String, Double> now = report.smoothed();
        double deviation = now.getOrDefault("text.text-deviation", Double.POSITIVE_INFINITY);
        double rank = now.getOrDefault("text.text-rank", Double.POSITIVE_INFINITY);
        if (!said && (deviation < LEAST_DEVIATION || rank < LEAST_RANK)) {
            said = true;
            out.printf(
                    Locale.ROOT,
                    "%s: the text encoder has collapsed at step %d: its frames have deviation %.4f and rank %.2f, expected %.2f and"
                            + " %.1f or more (a smaller consistency-weight or learning-rate may help)%n",
                    job,
                    report.step(),
                    deviation,
                    rank,
                    LEAST_DEVIATION,
                    LEAST_RANK);
        }
        others.onStep(report);
    }

    @Override
    public void onSkipped(SkippedStep step) {
        others.onSkipped(step);
    }

    @Override
    public void onCheckpoint() {
        others.onCheckpoint();
    }
}
