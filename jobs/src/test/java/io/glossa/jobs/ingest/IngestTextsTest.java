package io.glossa.jobs.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.featurize.ingest.IngestConfig;
import io.glossa.featurize.ingest.WaveConfig;
import io.glossa.featurize.source.AudioFolder;
import io.glossa.jobs.cli.Summary;
import io.glossa.jobs.spark.Session;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeConfig;
import io.glossa.text.TextEncoding;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recordings with texts that are none, from a folder to the tables. */
class IngestTextsTest {
    private static final IngestConfig PATIENT = IngestConfig.standard().withMaxRejectShare(0.5);

    @TempDir
    Path folder;

    @Test
    void aRecordingWhoseTextIsUnreadableIsARejectAndOnlyThat() throws IOException {
        write("good", "hello", StandardCharsets.UTF_8, 1);
        write("wide", "\uFEFFhello", StandardCharsets.UTF_16LE, 2);
        write("bad", "größer", StandardCharsets.ISO_8859_1, 3);
        write("alone", "", StandardCharsets.UTF_8, 4);
        Files.delete(folder.resolve("audio/alone.txt"));
        Files.write(folder.resolve("audio/folder.wav"), new byte[0]); // EMPTY_FILE if it were read
        Files.createDirectories(folder.resolve("audio/folder.txt"));
        try (Lake lake = Lake.open(LakeConfig.local(folder.resolve("lake")));
                Session session = Session.open("test", lake)) {
            assertThatThrownBy(() -> ingest(lake, session, TextEncoding.UNICODE, IngestConfig.standard()))
                    .hasMessageContaining("found 2 rejects {TEXT_ENCODING=1, TEXT_UNREADABLE=1}")
                    .hasMessageContaining("--encoding NAME");
            Summary summary = ingest(lake, session, TextEncoding.UNICODE, PATIENT);

            assertThat(summary.rejected()).isEqualTo(Map.of("TEXT_ENCODING", 1L, "TEXT_UNREADABLE", 1L));
            assertThat(String.join("\n", summary.lines()))
                    .contains("5 files", "3 recordings", "transcripts in another encoding: 1 (name it with --encoding");
            List<Row> rejects =
                    session.spark().table("lake.glossa.rejects").orderBy("code").collectAsList();
            assertThat(rejects).hasSize(2);
            assertThat(rejects.get(0).<String>getAs("source")).endsWith("/bad.wav");
            assertThat(rejects.get(0).<String>getAs("detail"))
                    .contains("/audio/bad.txt: byte 0xF6 at offset 2 is not UTF-8, expected UTF-8");
            assertThat(rejects.get(1).<String>getAs("source")).endsWith("/folder.wav");
            assertThat(rejects.get(1).<String>getAs("detail")).contains("/audio/folder.txt: not a file");
            assertThat(session.spark().table("lake.glossa.recordings").count()).isEqualTo(3);

            Summary again = ingest(lake, session, TextEncoding.named("latin1"), PATIENT);
            assertThat(again.out()).startsWith("1 recordings");
            assertThat(again.rejected()).isEqualTo(Map.of("TEXT_UNREADABLE", 1L));
        }
    }

    private Summary ingest(Lake lake, Session session, TextEncoding encoding, IngestConfig config) {
        return IngestJob.run(
                        new AudioFolder(folder.resolve("audio").toString(), encoding),
                        config,
                        WaveConfig.standard(),
                        lake,
                        session.spark())
                .summary();
    }

    /** Two seconds of noise and a text. */
    private void write(String key, String text, Charset charset, int seed) throws IOException {
        Path audio = Files.createDirectories(folder.resolve("audio"));
        byte[] samples = new byte[32_000];
        new Random(seed).nextBytes(samples);
        AudioFormat format = new AudioFormat(8000, 16, 1, true, false);
        AudioSystem.write(
                new AudioInputStream(new ByteArrayInputStream(samples), format, samples.length / 2),
                AudioFileFormat.Type.WAVE,
                audio.resolve(key + ".wav").toFile());
        Files.write(audio.resolve(key + ".txt"), text.getBytes(charset));
    }
}
