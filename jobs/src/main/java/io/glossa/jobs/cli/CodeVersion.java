package io.glossa.jobs.cli;

import io.glossa.error.GlossaException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** Which code runs: the project's version and, where the build was told, the commit. */
public final class CodeVersion {
    private static final String RESOURCE = "/io/glossa/jobs/version.properties";

    private CodeVersion() {}

    /** Such as "0.1.0" or "0.1.0+3912e72". */
    public static String current() {
        Properties properties = new Properties();
        try (InputStream in = CodeVersion.class.getResourceAsStream(RESOURCE)) {
            properties.load(in);
        } catch (IOException e) {
            throw GlossaException.internal("Cannot read " + RESOURCE + ": " + e.getMessage())
                    .causedBy(e);
        }
        String commit = properties.getProperty("commit", "");
        return properties.getProperty("version") + (commit.isEmpty() ? "" : "+" + commit);
    }
}
