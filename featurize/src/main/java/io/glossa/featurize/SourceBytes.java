package io.glossa.featurize;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;

/** Reads whole files from any file system that Hadoop knows. */
final class SourceBytes {
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

    private byte[] readOnce(String uri, long knownLength) throws IOException, Refusal {
        Path path = new Path(uri);
        FileSystem files = path.getFileSystem(configuration);
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
