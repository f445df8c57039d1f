package io.glossa.featurize.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.featurize.Speech;
import io.glossa.text.TextEncoding;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources on a real HDFS of one node. */
class HdfsSourcesTest {
    private static final byte[] WORD = Speech.bytes("en_wideband.flac");

    @TempDir
    static Path data;

    private static MiniDFSCluster cluster;
    private static FileSystem files;
    private static String root;

    @BeforeAll
    static void start() throws IOException {
        Configuration conf = new Configuration();
        conf.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, data.toString());
        cluster = new MiniDFSCluster.Builder(conf).numDataNodes(1).build();
        files = cluster.getFileSystem();
        root = "hdfs://localhost:" + cluster.getNameNodePort() + "/speech";
    }

    @AfterAll
    static void stop() {
        cluster.shutdown();
    }

    @Test
    void folders() throws Exception {
        for (String name : new String[] {"it/two words", "100%", "a#b?", "größe/чай"}) {
            write("folder/" + name + ".flac", WORD);
            write("folder/" + name + ".txt", "Ciao".getBytes(StandardCharsets.UTF_8));
        }
        Listing listing = Listing.of(Sources.open(root + "/folder", TextEncoding.UNICODE, new Configuration()));

        assertThat(listing.keys()).containsExactly("100%", "a#b?", "größe/чай", "it/two words");
        assertThat(listing.of("it/two words").labels().lang()).isEqualTo("it");
        for (SourceFile file : listing.recordings()) {
            assertThat(file.fault()).isNull();
            assertThat(Listing.bytes(file)).isEqualTo(WORD);
            assertThat(file.version().modifiedMs()).isPositive();
            Transcript.of(file, new SourceBytes(new Configuration()));
        }
    }

    @Test
    void shardsByRangeAndManifests() throws Exception {
        Path tar = TestTar.write(data.resolve("0.tar"), "a.flac", WORD, "a.txt", "Said");
        write("shards/0.tar", Files.readAllBytes(tar));
        write("clips/a b.flac", WORD);
        write(
                "clips/train.json",
                "{\"audio_filepath\": \"a b.flac\", \"text\": \"Said\"}\n".getBytes(StandardCharsets.UTF_8));
        for (String spec : new String[] {"tar:" + root + "/shards", "nemo:" + root + "/clips/train.json"}) {
            Listing listing = Listing.of(Sources.open(spec, TextEncoding.UNICODE, new Configuration()));
            assertThat(listing.recordings()).singleElement().satisfies(file -> {
                assertThat(file.text()).isEqualTo("Said");
                assertThat(Listing.bytes(file)).isEqualTo(WORD);
            });
        }
    }

    private static void write(String name, byte[] bytes) throws IOException {
        try (OutputStream out = files.create(new org.apache.hadoop.fs.Path("/speech/" + name))) {
            out.write(bytes);
        }
    }
}
