package io.glossa.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.featurize.ingest.IngestConfig;
import io.glossa.featurize.ingest.WaveConfig;
import io.glossa.featurize.mel.FrontEndConfig;
import io.glossa.featurize.source.AudioFolder;
import io.glossa.jobs.featurize.FeaturizeJob;
import io.glossa.jobs.ingest.IngestJob;
import io.glossa.jobs.label.LabelJob;
import io.glossa.jobs.spark.Session;
import io.glossa.nst.FilterConfig;
import io.glossa.nst.LabelConfig;
import io.glossa.nst.Teacher;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeConfig;
import io.glossa.storage.LakeTable;
import io.glossa.storage.SnapshotReader;
import io.glossa.text.TextEncoding;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs in processes of their own that are killed while they write and between two commits, against ones left alone. */
class KilledJobsTest {
    private static final int RATE = 8000;
    private static final int RECORDINGS = 40;

    @TempDir
    Path folder;

    @Test
    @Tag("slow")
    void ingestAndFeaturizeEndInTheSameTables() throws Exception {
        Path audio = recordings();
        Path whole = folder.resolve("whole");
        Path killed = folder.resolve("killed");
        Map<LakeTable, List<String>> ingested;
        try (Lake lake = Lake.open(LakeConfig.local(whole));
                Session session = Session.open("test", lake)) {
            IngestJob.run(
                    new AudioFolder(audio.toString(), TextEncoding.UNICODE),
                    IngestConfig.standard(),
                    WaveConfig.standard(),
                    lake,
                    session.spark());
            ingested = rows(whole);
            FeaturizeJob.run(FrontEndConfig.usm(), OptionalLong.empty(), lake, session.spark());
        }
        assertThat(ingested.get(LakeTable.RECORDINGS)).hasSize(RECORDINGS);
        assertThat(ingested.get(LakeTable.REJECTS)).hasSize(1);
        assertThat(rows(whole).get(LakeTable.FEATURES)).hasSize(RECORDINGS);

        String[] from = {"--from", audio.toString(), "--set", "wave-files=15"};
        kill(() -> hasFile(killed, "data", ".parquet"), "ingest", killed, from);
        kill(() -> hasFile(killed, "metadata", "v2.metadata.json"), "ingest", killed, from);
        finish("ingest", killed, from);
        assertThat(rows(killed)).isEqualTo(ingested);

        kill(() -> hasFile(killed.resolve("glossa/features"), "data", ".parquet"), "featurize", killed);
        finish("featurize", killed);
        assertThat(rows(killed)).isEqualTo(rows(whole));
    }

    @Test
    void labellingEndsInTheSameTables() throws Exception {
        Path whole = folder.resolve("whole");
        Path killed = folder.resolve("killed");
        Tones tones = new Tones(24, 5);
        tones.train(folder.resolve("teacher"), 2);
        Teacher teacher = Teacher.of(Folder.of(folder.resolve("teacher")));
        try (Lake lake = Lake.open(LakeConfig.local(killed));
                Session session = Session.open("test", lake)) {
            tones.writeFeatures(session.spark(), lake, "unlabelled", "en");
        }
        try (Lake lake = Lake.open(LakeConfig.local(whole));
                Session session = Session.open("test", lake)) {
            tones.writeFeatures(session.spark(), lake, "unlabelled", "en");
            long features = lake.snapshot(LakeTable.FEATURES).orElseThrow();
            LabelConfig config = new LabelConfig(List.of("unlabelled"), 1, features, FilterConfig.DEFAULTS);
            LabelJob.run(config, teacher, lake, session.spark());
        }
        assertThat(rows(whole).get(LakeTable.TRANSCRIPTS)).hasSize(tones.size());

        kill(
                () -> hasFile(killed.resolve("glossa/transcripts"), "data", ".parquet"),
                "label",
                killed,
                "--teacher",
                folder.resolve("teacher").toString());
        finish("label", killed, "--teacher", folder.resolve("teacher").toString());
        assertThat(rows(killed).get(LakeTable.TRANSCRIPTS))
                .isEqualTo(rows(whole).get(LakeTable.TRANSCRIPTS));
    }

    /** A folder of noises with texts, and one file that is no recording. */
    private Path recordings() throws IOException {
        Path audio = Files.createDirectories(folder.resolve("audio"));
        Random random = new Random(11);
        for (int i = 0; i < RECORDINGS; i++) {
            byte[] samples = new byte[2 * RATE * 2];
            random.nextBytes(samples);
            AudioFormat format = new AudioFormat(RATE, 16, 1, true, false);
            AudioSystem.write(
                    new AudioInputStream(new ByteArrayInputStream(samples), format, samples.length / 2),
                    AudioFileFormat.Type.WAVE,
                    audio.resolve("noise-" + i + ".wav").toFile());
            Files.writeString(audio.resolve("noise-" + i + ".txt"), "noise number " + i);
        }
        Files.writeString(audio.resolve("text.wav"), "no sound at all");
        return audio;
    }

    private interface Moment {
        boolean hasCome() throws IOException;
    }

    /** Starts a job and kills it at a moment that lies before its end. */
    private void kill(Moment moment, String job, Path lake, String... options) throws Exception {
        Process process = start(job, lake, options);
        while (process.isAlive() && !moment.hasCome()) {
            Thread.sleep(1);
        }
        boolean inTime = process.isAlive();
        process.destroyForcibly().waitFor();
        assertThat(inTime).as("killed before its end: %s", said()).isTrue();
    }

    private void finish(String job, Path lake, String... options) throws Exception {
        Process process = start(job, lake, options);
        assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(said()).isZero();
    }

    private Process start(String job, Path lake, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("submit", job, "--lake", lake.toString()));
        arguments.addAll(Arrays.asList(options));
        return GlossaProcess.start(folder.resolve("said"), arguments);
    }

    private String said() throws IOException {
        return Files.readString(folder.resolve("said"));
    }

    private static boolean hasFile(Path under, String parent, String ending) throws IOException {
        if (!Files.exists(under)) {
            return false;
        }
        try (Stream<Path> files = Files.walk(under)) {
            return files.anyMatch(file -> file.toString().contains("/" + parent + "/")
                    && file.getFileName().toString().endsWith(ending));
        } catch (UncheckedIOException e) {
            return false; // a file was renamed while the walk passed
        }
    }

    private static Map<LakeTable, List<String>> rows(Path root) {
        Map<LakeTable, List<String>> tables = new EnumMap<>(LakeTable.class);
        try (Lake lake = Lake.open(LakeConfig.local(root))) {
            for (LakeTable table : LakeTable.values()) {
                lake.snapshot(table).ifPresent(snapshot -> {
                    try (Stream<GenericRecord> rows =
                            SnapshotReader.of(lake, table, snapshot).rows()) {
                        tables.put(
                                table,
                                rows.map(GenericRecord::toString).sorted().toList());
                    }
                });
            }
        }
        return tables;
    }
}
