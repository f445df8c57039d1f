package io.glossa.jobs.train;

import io.glossa.error.GlossaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells who starts this driver again after a crash ({@code submit --supervise}) how far the run has come. */
final class Supervision {
    /** A file of its; not set: nobody does. */
    private static final String VARIABLE = "GLOSSA_SUPERVISED";

    private Supervision() {}

    /** The run goes on from a step. */
    static void goesOnFrom(long step) {
        String file = System.getenv(VARIABLE);
        if (file == null) {
            return;
        }
        try {
            Files.writeString(Path.of(file), Long.toString(step));
        } catch (IOException e) {
            throw GlossaException.resource(
                            "Cannot tell who supervises this driver: " + e + ", expected to write " + file)
                    .causedBy(e);
        }
    }
}
