package io.glossa.trainer.train;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.Semaphore;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;

/** The local file system under the scheme {@code held}, which begins a file when a test allows it, or fails. */
public final class HeldFiles extends RawLocalFileSystem {
    /** One for each file that may begin. */
    static final Semaphore MAY_BEGIN = new Semaphore(0);

    /** Which file is one too many for the disk: the end of its path; null: none. */
    static volatile String tooMany;

    @Override
    public String getScheme() {
        return "held";
    }

    @Override
    public URI getUri() {
        return URI.create("held:///");
    }

    @Override
    public FSDataOutputStream create(
            Path file, boolean replace, int buffer, short copies, long block, Progressable progress)
            throws IOException {
        MAY_BEGIN.acquireUninterruptibly();
        if (tooMany != null && file.toString().endsWith(tooMany)) {
            throw new IOException("no space left");
        }
        return super.create(file, replace, buffer, copies, block, progress);
    }
}
