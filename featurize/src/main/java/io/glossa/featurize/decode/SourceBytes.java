package io.glossa.featurize.decode;

import io.glossa.featurize.Refusal;
import io.glossa.featurize.RejectCode;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;

/** Reads whole files from any file system that Hadoop knows. */
public final class SourceBytes {
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:/");
    private static final int ATTEMPTS = 3;
    private static final long MOST = Integer.MAX_VALUE - 1024L;

    private final Configuration configuration;

    /**
     * What tells two versions of a file apart without reading it.
     *
     * @param bytes its length
     * @param modifiedMs when it was last changed, ms since 1970
     */
    public record Version(long bytes, long modifiedMs) {}

    public SourceBytes(Configuration configuration) {
        this.configuration = configuration;
    }

    /**
     * How long a file is and when it was last changed. What is missing or forbidden is refused at once, what fails otherwise
     * after three attempts.
     */
    public Version version(String uri) throws Refusal {
        return attempts(() -> {
            FileStatus status = status(path(uri));
            return new Version(status.getLen(), status.getModificationTime());
        });
    }

    /** The bytes of a file, refused as {@link #version} is. */
    public byte[] read(String uri) throws Refusal {
        return attempts(() -> {
            Path path = path(uri);
            long length = status(path).getLen();
            if (length > MOST) {
                throw new Refusal(RejectCode.TOO_LONG, length + " bytes");
            }
            byte[] bytes = new byte[(int) length];
            try (FSDataInputStream in = fileSystem(path).open(path)) {
                in.readFully(0, bytes);
            }
            return bytes;
        });
    }

    private interface Attempt<T> {
        T make() throws IOException, Refusal;
    }

    private static <T> T attempts(Attempt<T> attempt) throws Refusal {
        IOException last = null;
        for (int i = 0; i < ATTEMPTS; i++) {
            try {
                return attempt.make();
            } catch (FileNotFoundException
                    | NoSuchFileException
                    | AccessDeniedException
                    | AccessControlException
                    | IllegalArgumentException e) {
                throw new Refusal(RejectCode.UNREADABLE, e.toString());
            } catch (IOException e) {
                last = e;
            }
        }
        throw new Refusal(RejectCode.UNREADABLE, ATTEMPTS + " attempts: " + last);
    }

    /** Of a URI, encoded as URIs are or not at all, or of a local path. */
    private static Path path(String uri) {
        if (!SCHEME.matcher(uri).lookingAt()) {
            return new Path(new File(uri).toURI());
        }
        try {
            return new Path(new URI(uri));
        } catch (URISyntaxException e) {
            return new Path(uri);
        }
    }

    /** Local files without Hadoop's checksums, which they do not have and whose names cannot be formed of all names. */
    private FileSystem fileSystem(Path path) throws IOException {
        FileSystem files = path.getFileSystem(configuration);
        return files instanceof LocalFileSystem local ? local.getRaw() : files;
    }

    private FileStatus status(Path path) throws IOException, Refusal {
        FileStatus status = fileSystem(path).getFileStatus(path);
        if (!status.isFile()) {
            throw new Refusal(RejectCode.UNREADABLE, "not a file");
        }
        return status;
    }
}
