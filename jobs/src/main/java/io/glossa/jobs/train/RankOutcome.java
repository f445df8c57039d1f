package io.glossa.jobs.train;

import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.jobs.heartbeat.Loss;
import io.glossa.trainer.ranks.LostRank;
import java.io.PrintWriter;
import java.io.Serializable;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * How a rank ended. A failure is told, not thrown, so that the driver and not Spark decides what to do about it.
 *
 * @param failure who can mend it; null: all went well
 * @param forWantOfInput true where there was nothing to train on
 * @param worthAnotherTry true where the same again may go better
 * @param lost true where nothing was wrong with this rank, but another one ended
 * @param message what went wrong
 * @param trace where
 */
record RankOutcome(
        ErrorType failure, boolean forWantOfInput, boolean worthAnotherTry, boolean lost, String message, String trace)
        implements Serializable {
    static final RankOutcome DONE = new RankOutcome(null, false, false, false, "", "");

    /** Bytes of what a rank tells of a failure, so that with all else it is less than a kilobyte; the executor's log has all. */
    static final int TOLD = 640;

    static RankOutcome failed(Throwable cause) {
        if (cause instanceof GlossaException known) {
            boolean passing = known.type() == ErrorType.RESOURCE || known.type() == ErrorType.INTERNAL;
            return new RankOutcome(
                    known.type(), known.isForWantOfInput(), passing, isLost(known), known.getMessage(), trace(known));
        }
        return new RankOutcome(
                cause instanceof OutOfMemoryError ? ErrorType.RESOURCE : ErrorType.INTERNAL,
                false,
                true,
                false,
                "Cannot go on training: " + cause,
                trace(cause));
    }

    /**
     * Before anything began: the machine lacks what it will lack the next time too, such as a driver, unless it was another rank that
     * did not come.
     */
    static RankOutcome unable(GlossaException cause) {
        return new RankOutcome(cause.type(), false, isLost(cause), isLost(cause), cause.getMessage(), trace(cause));
    }

    /** Nothing was wrong with this rank. */
    static RankOutcome lost(String cause) {
        return new RankOutcome(ErrorType.RESOURCE, false, true, true, stopped(cause), "");
    }

    /**
     * Of all ranks the first cause: a rank that failed by itself, else one that was lost, else what Spark says, else any.
     *
     * @param loss which rank was lost, and how, or differs from the others
     * @param spark that the stage did not run to its end
     */
    static RankOutcome of(List<RankOutcome> ranks, Optional<Loss> loss, Optional<RankOutcome> spark) {
        List<RankOutcome> failed =
                ranks.stream().filter(outcome -> !outcome.done()).toList();
        return failed.stream()
                .filter(outcome -> !outcome.lost())
                .findFirst()
                .or(() -> loss.map(RankOutcome::of))
                .or(() -> spark)
                .or(() -> failed.stream().findFirst())
                .orElse(DONE);
    }

    private static RankOutcome of(Loss loss) {
        return loss.worthAnotherTry()
                ? lost(loss.cause())
                : new RankOutcome(ErrorType.RESOURCE, false, false, true, "Cannot go on training: " + loss.cause(), "");
    }

    private static String stopped(String cause) {
        return "Cannot go on training: " + cause + ", expected all ranks to go on";
    }

    /** What goes to the driver of it. */
    RankOutcome shortened() {
        String sentence = shortened(message, TOLD);
        int left = TOLD - sentence.getBytes(StandardCharsets.UTF_8).length;
        return new RankOutcome(failure, forWantOfInput, worthAnotherTry, lost, sentence, shortened(trace, left));
    }

    /** As much of a text's beginning as so many bytes hold. */
    static String shortened(String text, int bytes) {
        ByteBuffer held = ByteBuffer.allocate(bytes);
        StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text), held, true);
        return StandardCharsets.UTF_8.decode(held.flip()).toString();
    }

    private static boolean isLost(GlossaException cause) {
        return cause.getCause() instanceof LostRank;
    }

    private static String trace(Throwable cause) {
        StringWriter trace = new StringWriter();
        cause.printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }

    boolean done() {
        return failure == null;
    }

    /** The failure as an error of the driver, with where it was in the rank as its cause. */
    GlossaException error() {
        Throwable cause = new IllegalStateException("in the rank: " + trace);
        GlossaException error = GlossaException.of(failure, message).causedBy(cause);
        return forWantOfInput ? error.forWantOfInput() : error;
    }
}
