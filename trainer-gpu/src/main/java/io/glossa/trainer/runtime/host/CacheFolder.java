package io.glossa.trainer.runtime.host;

import io.glossa.error.GlossaException;
import java.io.IOException;

/** The folder of compiled programs, which GLOSSA_CACHE names. */
public final class CacheFolder {
    private CacheFolder() {}

    /** @param what could not be done, as in "Cannot write plan.bin" */
    public static GlossaException unwritable(String what, IOException cause) {
        return GlossaException.resource(
                        what + ": " + cause.getMessage() + ", expected a writable folder (set GLOSSA_CACHE to another)")
                .causedBy(cause);
    }
}
