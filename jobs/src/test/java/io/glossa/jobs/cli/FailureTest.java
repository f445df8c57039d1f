package io.glossa.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.junit.jupiter.api.Test;

class FailureTest {
    @Test
    void ourOwnErrorIsFoundInWhatSparkMadeOfIt() {
        GlossaException ours = GlossaException.user("Cannot do it: found this, expected that");
        assertThat(Failure.of(new RuntimeException("Job aborted", new IOException(ours))))
                .contains(ours);
    }

    @Test
    void aFullDisk() {
        says(new IOException("No space left on device"), ErrorType.RESOURCE, "Cannot write a file: no space is left");
        says(
                new RuntimeException(
                        "Job aborted", new FileNotFoundException("/lake/data/a b.parquet (No space left on device)")),
                ErrorType.RESOURCE,
                "Cannot write /lake/data/a");
        says(
                new RuntimeException(
                        "Task 0 failed: org.apache.hadoop.fs.FSError: java.io.IOException: No space left on"
                                + " device\n\tat file:/lake/x"),
                ErrorType.RESOURCE,
                "no space is left");
    }

    @Test
    void aLakeThatCannotBeWritten() {
        says(
                new RuntimeException(new IOException("/lake/metadata/v2.json (Read-only file system)")),
                ErrorType.RESOURCE,
                "Cannot write /lake/metadata/v2.json: its file system is read-only");
        says(new AccessDeniedException("/lake/v1"), ErrorType.RESOURCE, "Cannot use /lake/v1: permission denied");
        says(
                new FileNotFoundException("/lake/v2 (Permission denied)"),
                ErrorType.RESOURCE,
                "Cannot use /lake/v2: permission denied");
        says(
                new IOException("Mkdirs failed to create file:/lake/rejects (exists=false, cwd=file:/home/me)"),
                ErrorType.RESOURCE,
                "Cannot write /lake/rejects: the folder cannot be made");
    }

    @Test
    void aFileThatIsGone() {
        says(
                new RuntimeException("Job aborted due to stage failure: Task 0.0: java.io.FileNotFoundException: File"
                        + " file:/lake/data/1.parquet does not exist\n\tat org.apache.hadoop"),
                ErrorType.DATA,
                "Cannot read /lake/data/1.parquet: it is gone");
        says(
                new NotFoundException("Failed to open input stream for file: hdfs://host:9000/lake/1.avro"),
                ErrorType.DATA,
                "Cannot read hdfs://host:9000/lake/1.avro: it is gone");
        says(new NoSuchFileException("/models/a"), ErrorType.DATA, "Cannot read /models/a: it is gone");
    }

    @Test
    void anythingElseIsAFaultOfOurs() {
        assertThat(Failure.of(new IllegalStateException("a broken invariant"))).isEmpty();
        assertThat(Failure.of(new NullPointerException())).isEmpty();
    }

    private static void says(Throwable thrown, ErrorType type, String start) {
        GlossaException error = Failure.of(thrown).orElseThrow();
        assertThat(error.type()).isEqualTo(type);
        assertThat(error.getMessage()).contains(start).doesNotContain("\n");
    }
}
