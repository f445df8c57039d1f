package io.glossa.trainer.emit;

import io.glossa.error.GlossaException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Source text that comes with the compiler. */
public final class Resource {
    private Resource() {}

    /** @param path below {@code io/glossa/trainer} */
    public static String text(String path) {
        try (InputStream in = Resource.class.getResourceAsStream("/io/glossa/trainer/" + path)) {
            if (in == null) {
                throw GlossaException.internal("Cannot find resource " + path + ", expected it in the trainer's jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw GlossaException.internal("Cannot read resource " + path + ": " + e.getMessage()
                            + ", expected it in the trainer's jar")
                    .causedBy(e);
        }
    }
}
