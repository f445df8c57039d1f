package io.glossa.featurize.ingest;

import io.glossa.config.ConfigDigest;
import io.glossa.featurize.LakeRows;
import io.glossa.featurize.Speech;
import io.glossa.featurize.StageSummary;
import io.glossa.featurize.decode.TestEncoder;
import io.glossa.featurize.features.FeaturizeStage;
import io.glossa.featurize.helper.Decoding;
import io.glossa.featurize.mel.FrontEndConfig;
import io.glossa.featurize.source.FileList;
import io.glossa.featurize.source.Labels;
import io.glossa.featurize.source.Source;
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
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/**
 * A folder of short recordings and a lake into which it is ingested. A text beside a recording is its transcript; the split is
 * {@code train} with one, {@code unlabelled} without. Decoding starts no processes, for which {@code HelpersIngestTest} is there.
 */
final class TestIngest implements AutoCloseable {
    final Path folder;
    final Lake lake;
    final SparkSession spark;

    TestIngest(SparkSession shared, Path folder, Path lakeFolder) {
        this.folder = folder;
        lake = Lake.open(LakeConfig.local(lakeFolder));
        spark = shared.newSession();
        lake.sparkConf().forEach(spark.conf()::set);
    }

    /** The same word at a loudness of its own: other bytes, equally many. */
    static byte[] word(int loudness) throws IOException {
        float[] samples = Speech.wideband();
        for (int i = 0; i < samples.length; i++) {
            samples[i] *= 0.5f + loudness / 100f;
        }
        return TestEncoder.encode("wav", "pcm_s16le", 16_000, samples);
    }

    /** Writes a recording and its text, where there is one. */
    void write(String name, byte[] audio, String text) throws IOException {
        Files.write(folder.resolve(name + ".wav"), audio);
        say(name, text);
    }

    /** Changes the text alone; null takes it away. */
    void say(String name, String text) throws IOException {
        Path file = folder.resolve(name + ".txt");
        if (text == null) {
            Files.deleteIfExists(file);
        } else {
            Files.writeString(file, text);
        }
    }

    List<SourceFile> list() throws IOException {
        List<SourceFile> files = new ArrayList<>();
        try (Stream<Path> paths = Files.list(folder)) {
            for (Path path : paths.filter(path -> path.toString().endsWith(".wav"))
                    .sorted()
                    .toList()) {
                Path said = Path.of(path.toString().replace(".wav", ".txt"));
                String text = Files.exists(said) ? Files.readString(said) : null;
                files.add(file(path, text == null ? "unlabelled" : "train", text));
            }
        }
        return files;
    }

    static SourceFile file(Path path, String split, String text) {
        return SourceFile.of(
                        path.toUri().toString(),
                        path.getFileName().toString(),
                        Labels.of("test").inLanguage("en").inSplit(split).under("CC0-1.0"))
                .said(text);
    }

    StageSummary ingest() throws IOException {
        return ingest(list());
    }

    StageSummary ingest(List<SourceFile> files) {
        return ingest(new FileList(files), WaveConfig.standard(), (wave, waves, count, done) -> {});
    }

    StageSummary ingest(Source source, WaveConfig waves, IngestStage.Watch watch) {
        IngestConfig config = IngestConfig.standard().withMaxRejectShare(0.5).decodedIn(Decoding.IN_PROCESS);
        Lineage lineage = new Lineage("ingest", "run", "ingest-key", Map.of(), ConfigDigest.of(config), "test", null);
        try (ListingStage listing = new ListingStage(spark, source)) {
            return new IngestStage(spark, lake, config, waves, lineage).run(listing, watch);
        }
    }

    StageSummary featurize() {
        return featurize(lake.snapshot(LakeTable.UTTERANCES).orElseThrow());
    }

    StageSummary featurize(long utterances) {
        FrontEndConfig frontEnd = FrontEndConfig.usm();
        Lineage lineage = new Lineage(
                "featurize",
                "run",
                "featurize-key",
                Map.of("utterances", utterances),
                ConfigDigest.of(frontEnd),
                "test",
                null);
        return new FeaturizeStage(spark, lake, frontEnd, lineage).run(utterances);
    }

    /** Gives every utterance that is there a pseudo-label. */
    void label() {
        spark.sql(
                "INSERT INTO lake.glossa.transcripts SELECT id, lang, split, 'heard', 'heard', 'pseudo', 1, 'teacher',"
                        + " -1.0D, 0.5D, 2.0D, 'accepted' FROM lake.glossa.utterances");
    }

    List<String> contents(LakeTable... tables) {
        return LakeRows.contents(lake, List.of(tables));
    }

    /** The values of a column of a table, in the order of its keys. */
    List<Object> column(LakeTable table, String name) {
        return LakeRows.of(lake, table).stream().map(row -> row.get(name)).toList();
    }

    @Override
    public void close() {
        lake.close();
    }
}
