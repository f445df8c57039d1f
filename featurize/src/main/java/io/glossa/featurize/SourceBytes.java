package io.glossa.featurize;

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
final class SourceBytes {
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:/");
    private static final int ATTEMPTS = 3;
    private static final long MOST = Integer.MAX_VALUE - 1024L;

    private final Configuration configuration;

    SourceBytes(Configuration configuration) {
        this.configuration = configuration;
    }

    /**
     * The bytes of a file; null if it is as long as {@code knownLength}, and therefore need not be read again. What is
     * missing or forbidden is refused at once, what fails otherwise after three attempts.
     */
    byte[] read(String uri, long knownLength) throws Refusal {
        IOException last = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                return readOnce(uri, knownLength);
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

    private byte[] readOnce(String uri, long knownLength) throws IOException, Refusal {
        Path path = path(uri);
        FileSystem files = fileSystem(path);
        FileStatus status = files.getFileStatus(path);
        if (!status.isFile()) {
            throw new Refusal(RejectCode.UNREADABLE, "not a file");
        }
        if (status.getLen() == knownLength) {
            return null;
        }
        if (status.getLen() > MOST) {
            throw new Refusal(RejectCode.TOO_LONG, status.getLen() + " bytes");
        }
        byte[] bytes = new byte[(int) status.getLen()];
        try (FSDataInputStream in = files.open(path)) {
            in.readFully(0, bytes);
        }
        return bytes;
    }
}
