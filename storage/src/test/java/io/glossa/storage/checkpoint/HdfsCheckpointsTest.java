package io.glossa.storage.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.storage.Folder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints on a real HDFS of one node. */
class HdfsCheckpointsTest extends RemoteCheckpoints {
    @TempDir
    static Path data;

    private static MiniDFSCluster cluster;

    @BeforeAll
    static void start() throws IOException {
        Configuration conf = new Configuration();
        conf.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, data.toString());
        cluster = new MiniDFSCluster.Builder(conf).numDataNodes(1).build();
    }

    @AfterAll
    static void stop() {
        cluster.shutdown();
    }

    @Override
    Folder root() {
        return new Folder("hdfs://localhost:" + cluster.getNameNodePort() + "/runs");
    }

    @Test
    void aDoneThatIsOpenIsNone() throws IOException {
        Folder dir = root().resolve("open");
        Folder before = Checkpoints.write(dir, SampleCheckpoints.of(100));
        Folder step = Checkpoints.write(dir, SampleCheckpoints.of(200));
        byte[] done = step.read("DONE");
        try (OutputStream open = step.create("DONE")) {
            assertThat(Checkpoints.latest(dir)).contains(before);
            open.write(new String(done, StandardCharsets.US_ASCII)
                    .substring(0, 100)
                    .getBytes(StandardCharsets.US_ASCII));
            open.flush();
            assertThat(Checkpoints.latest(dir)).contains(before);
        }
        assertThat(Checkpoints.latest(dir)).contains(before);
    }
}
