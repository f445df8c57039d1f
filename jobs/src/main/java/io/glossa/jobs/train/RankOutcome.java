package io.glossa.jobs.train;

import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import java.io.PrintWriter;
import java.io.Serializable;
import java.io.StringWriter;

/**
 * How a rank ended. A failure is told, not thrown, so that the driver and not Spark decides what to do about it.
 *
 * @param failure who can mend it; null: all went well
 * @param message what went wrong
 * @param trace where
 */
record RankOutcome(ErrorType failure, String message, String trace) implements Serializable {
    static final RankOutcome DONE = new RankOutcome(null, "", "");

    static RankOutcome failed(Throwable cause) {
        StringWriter trace = new StringWriter();
        cause.printStackTrace(new PrintWriter(trace));
        return cause instanceof GlossaException known
                ? new RankOutcome(known.type(), known.getMessage(), trace.toString())
                : new RankOutcome(
                        cause instanceof OutOfMemoryError ? ErrorType.RESOURCE : ErrorType.INTERNAL,
                        "Cannot go on training: " + cause,
                        trace.toString());
    }

    boolean done() {
        return failure == null;
    }

    /** True where the same again may go better. */
    boolean worthAnotherTry() {
        return failure == ErrorType.RESOURCE || failure == ErrorType.INTERNAL;
    }

    /** The failure as an error of the driver, with where it was in the rank as its cause. */
    GlossaException error() {
        Throwable cause = new IllegalStateException("in the rank: " + trace);
        return (switch (failure) {
                    case USER -> GlossaException.user(message);
                    case DATA -> GlossaException.data(message);
                    case RESOURCE -> GlossaException.resource(message);
                    case INTERNAL -> GlossaException.internal(message);
                })
                .causedBy(cause);
    }
}
