package io.glossa.storage;

import io.glossa.error.GlossaException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/**
 * Hadoop's file systems as this process is to use them. Settings hold for the whole process, as the file systems do that Hadoop
 * keeps open.
 */
public final class HadoopFiles {
    private static volatile Configuration told;

    private HadoopFiles() {}

    /** Those of {@code core-site.xml}. */
    private static final class Usual {
        static final Configuration CONF = new Configuration();
    }

    /** The local one without checksum files beside each file. */
    private static final class Raw {
        static final FileSystem FILES = open();

        private static FileSystem open() {
            RawLocalFileSystem files = new RawLocalFileSystem();
            try {
                files.initialize(URI.create("file:///"), conf());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return files;
        }
    }

    /** Has lakes and folders of this process use these settings from now on, in place of those of {@code core-site.xml} alone. */
    public static void use(Configuration settings) {
        told = new Configuration(settings);
    }

    /** What file systems are opened with; not to be changed. */
    public static Configuration conf() {
        Configuration settings = told;
        return settings == null ? Usual.CONF : settings;
    }

    static FileSystem local() {
        HadoopUser.ensure();
        return Raw.FILES;
    }

    /** @throws GlossaException of type USER for a scheme that nothing on the class path serves */
    static FileSystem of(Path path) throws IOException {
        HadoopUser.ensure();
        try {
            return path.getFileSystem(conf());
        } catch (UnsupportedFileSystemException e) {
            throw unserved(path, e);
        } catch (RuntimeException e) {
            if (e.getCause() instanceof ClassNotFoundException) {
                throw unserved(path, e);
            }
            throw e;
        }
    }

    private static GlossaException unserved(Path path, Exception e) {
        return GlossaException.user(
                        "Cannot use " + path + ": " + e.getMessage() + ", expected a file system that Hadoop"
                                + " finds on the class path (s3a: is in --packages org.apache.hadoop:hadoop-aws)")
                .causedBy(e);
    }
}
