package io.glossa.featurize.helper;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.config.ConfigDigest;
import io.glossa.featurize.LakeRows;
import io.glossa.featurize.Speech;
import io.glossa.featurize.StageSummary;
import io.glossa.featurize.TestSpark;
import io.glossa.featurize.decode.TestEncoder;
import io.glossa.featurize.ingest.IngestConfig;
import io.glossa.featurize.ingest.IngestStage;
import io.glossa.featurize.ingest.ListingStage;
import io.glossa.featurize.ingest.WaveConfig;
import io.glossa.featurize.source.FileList;
import io.glossa.featurize.source.Labels;
import io.glossa.featurize.source.SourceFile;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeConfig;
import io.glossa.storage.LakeTable;
import io.glossa.storage.Lineage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An ingest of recordings among which some end or block whatever decodes them. */
class HelpersIngestTest {
    private static final int GOOD = 20;
    private static final List<LakeTable> TABLES =
            List.of(LakeTable.RECORDINGS, LakeTable.UTTERANCES, LakeTable.TRANSCRIPTS, LakeTable.REJECTS);

    @TempDir
    Path folder;

    @Test
    void losesTheFilesThatHurtAndNoOthers() throws IOException {
        DecoderPool pool = new DecoderPool(FaultyDecoder.class, new DecoderLimits(128, 3));
        DecoderPool before = DecoderPool.share(pool);
        SparkSession shared = TestSpark.start();
        List<SourceFile> files = files();
        try (Lake lake = lake("lake");
                Lake bare = lake("bare")) {
            StageSummary summary = ingest(shared, lake, files, Decoding.HELPERS);
            assertThat(summary.in()).isEqualTo(GOOD + 6);
            assertThat(summary.out()).isEqualTo(GOOD);
            assertThat(summary.rejected())
                    .isEqualTo(Map.of("DECODER_DIED", 4L, "DECODER_MEMORY", 1L, "DECODER_TIMEOUT", 1L));
            Map<String, String> details = LakeRows.of(lake, LakeTable.REJECTS).stream()
                    .collect(Collectors.toMap(
                            row -> name(row.get("source")), row -> row.get("code") + ": " + row.get("detail")));
            assertThat(details).hasSize(6);
            assertThat(details.get("segv.wav")).startsWith("DECODER_DIED: its decoder was ended by SIGSEGV");
            assertThat(details.get("kill.wav")).startsWith("DECODER_DIED: its decoder was ended by SIGKILL");
            assertThat(details.get("heap.wav")).startsWith("DECODER_MEMORY: its decoder needs more than the 128 MiB");
            assertThat(details.get("hang.wav")).startsWith("DECODER_TIMEOUT: its decoder took more than 5.4 s");

            StageSummary again = ingest(shared, lake, files, Decoding.HELPERS);
            assertThat(again.known()).isEqualTo(GOOD);
            assertThat(again.rejected()).isEqualTo(summary.rejected());
            assertThat(LakeRows.of(lake, LakeTable.REJECTS)).hasSize(6);

            ingest(shared, bare, files.subList(0, GOOD), Decoding.IN_PROCESS);
            List<LakeTable> good = TABLES.subList(0, 3);
            assertThat(LakeRows.contents(lake, good)).isEqualTo(LakeRows.contents(bare, good));
        } finally {
            shared.stop();
            DecoderPool.share(before);
            pool.close();
        }
    }

    private Lake lake(String name) {
        return Lake.open(LakeConfig.local(folder.resolve(name)));
    }

    private static String name(Object source) {
        return source.toString().substring(source.toString().lastIndexOf('/') + 1);
    }

    /** Good ones first; the others lie between them in the order of their names. */
    private List<SourceFile> files() throws IOException {
        List<SourceFile> files = new ArrayList<>();
        for (int i = 0; i < GOOD; i++) {
            files.add(file((char) ('a' + i) + ".wav", word(i)));
        }
        for (String fault : List.of("<segv>  ", "<kill>  ", "<native>", "<heap>  ", "<throw> ", "<hang>  ")) {
            String name = fault.replaceAll("[<> ]", "") + ".wav";
            files.add(file(name, FaultyDecoder.marked(word(files.size()), fault)));
        }
        return files;
    }

    /** The same word at a loudness of its own. */
    private static byte[] word(int loudness) {
        return TestEncoder.encode("wav", "pcm_s16le", 16_000, Speech.times(Speech.wideband(), 0.5 + loudness / 100.0));
    }

    private SourceFile file(String name, byte[] bytes) throws IOException {
        return SourceFile.of(
                Files.write(folder.resolve(name), bytes).toUri().toString(),
                name,
                Labels.of("test").inLanguage("en").inSplit("train").under("CC0-1.0"));
    }

    private static StageSummary ingest(SparkSession shared, Lake lake, List<SourceFile> files, Decoding decoding) {
        SparkSession spark = shared.newSession();
        lake.sparkConf().forEach(spark.conf()::set);
        IngestConfig config = IngestConfig.standard().withMaxRejectShare(1).decodedIn(decoding);
        Lineage lineage = new Lineage("ingest", "run", "key", Map.of(), ConfigDigest.of(config), "test", null);
        try (ListingStage listing = new ListingStage(spark, new FileList(files))) {
            return new IngestStage(spark, lake, config, WaveConfig.standard(), lineage)
                    .run(listing, (wave, waves, count, done) -> {});
        }
    }
}
