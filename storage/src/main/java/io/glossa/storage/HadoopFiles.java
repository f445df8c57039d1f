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

/** Hadoop's file systems as this process is to use them. */
final class HadoopFiles {
    private HadoopFiles() {}

    /** Made when it is first needed. */
    private static final class Settings {
        static final Configuration CONF = new Configuration();
    }

    /** The local one without checksum files beside each file. */
    private static final class Raw {
        static final FileSystem FILES = open();

        private static FileSystem open() {
            RawLocalFileSystem files = new RawLocalFileSystem();
            try {
                files.initialize(URI.create("file:///"), Settings.CONF);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return files;
        }
    }

    static Configuration conf() {
        return Settings.CONF;
    }

    static FileSystem local() {
        HadoopUser.ensure();
        return Raw.FILES;
    }

    /** @throws GlossaException of type USER for a scheme that nothing on the class path serves */
    static FileSystem of(Path path) throws IOException {
        HadoopUser.ensure();
        try {
            return path.getFileSystem(Settings.CONF);
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
