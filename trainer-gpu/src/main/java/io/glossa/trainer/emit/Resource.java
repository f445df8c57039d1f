package io.glossa.trainer.emit;

import io.glossa.error.GlossaException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Source text that comes with the compiler. */
public final class Resource {
    private static final Pattern INCLUDE = Pattern.compile("(?m)^#include \"(.*)\"$");

    private Resource() {}

    /**
     * A header. Those that it includes stand in its place: they lie in the same folder, and guard themselves against coming
     * twice.
     */
    public static String header(String folder, String name) {
        Matcher include = INCLUDE.matcher(text(folder + "/" + name));
        return include.replaceAll(line -> Matcher.quoteReplacement(header(folder, line.group(1))));
    }

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
