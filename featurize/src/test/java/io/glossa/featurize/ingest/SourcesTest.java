package io.glossa.featurize.ingest;

import static io.glossa.storage.LakeTable.RECORDINGS;
import static io.glossa.storage.LakeTable.REJECTS;
import static io.glossa.storage.LakeTable.TRANSCRIPTS;
import static io.glossa.storage.LakeTable.UTTERANCES;
import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.featurize.LakeRows;
import io.glossa.featurize.StageSummary;
import io.glossa.featurize.TestSpark;
import io.glossa.featurize.source.Found;
import io.glossa.featurize.source.LhotseManifests;
import io.glossa.featurize.source.NemoManifest;
import io.glossa.featurize.source.Place;
import io.glossa.featurize.source.Source;
import io.glossa.featurize.source.SourceBytes;
import io.glossa.featurize.source.SourceFile;
import io.glossa.featurize.source.TarShards;
import io.glossa.featurize.source.TestTar;
import io.glossa.text.TextEncoding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shards and manifests from what lies there to the tables. */
class SourcesTest {
    @TempDir
    Path temp;

    private static SparkSession spark;

    @BeforeAll
    static void start() {
        spark = TestSpark.start();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    /** Several sources as one, which a run lists at once. */
    private record Several(List<Source> sources) implements Source {
        @Override
        public Place root() {
            return new Place("");
        }

        @Override
        public void list(Place place, SourceBytes files, Found found) throws IOException {
            if (place.equals(root())) {
                for (int i = 0; i < sources.size(); i++) {
                    found.place(in(i, sources.get(i).root()));
                }
                return;
            }
            String[] parts = place.uri().split("\\|", 2);
            int i = Integer.parseInt(parts[0]);
            sources.get(i).list(new Place(parts[1], place.start(), place.end()), files, new Found() {
                @Override
                public void recording(SourceFile file) {
                    found.recording(file);
                }

                @Override
                public void place(Place below) {
                    found.place(in(i, below));
                }

                @Override
                public void passedOver(String reason) {
                    found.passedOver(reason);
                }
            });
        }

        private static Place in(int source, Place place) {
            return new Place(source + "|" + place.uri(), place.start(), place.end());
        }
    }

    @Test
    void carryTextsSpeakersAndPartsAlong() throws IOException {
        Path shard = TestTar.write(
                temp.resolve("shards/0.tar"),
                "a.wav",
                TestIngest.word(1),
                "a.json",
                "{\"text\": \"Call forwarding\", \"speaker\": \"Ann\", \"split\": \"train\", \"domain\": \"prompts\"}",
                "b.wav",
                TestIngest.word(2));
        Files.write(temp.resolve("long.wav"), TestIngest.word(3));
        Files.write(temp.resolve("other.wav"), TestIngest.word(4));
        Path nemo = Files.writeString(temp.resolve("nemo.json"), """
                {"audio_filepath": "long.wav", "offset": 0.0, "duration": 0.7, "text": "Call", "split": "train"}
                {"audio_filepath": "long.wav", "offset": 0.6, "duration": 0.6, "text": "Forwarding", "split": "train"}
                {"audio_filepath": "long.wav", "offset": 60, "duration": 1, "text": "Nothing", "split": "train"}
                {"audio_filepath": "other.wav", "offset": 60, "duration": 1, "text": "Nothing", "split": "train"}
                """);
        Path lhotse = Files.createDirectories(temp.resolve("lhotse"));
        Files.write(lhotse.resolve("c.wav"), TestIngest.word(5));
        Files.writeString(
                lhotse.resolve("recordings.jsonl"),
                "{\"id\": \"c\", \"sources\": [{\"type\": \"file\", \"source\": \"c.wav\"}]}\n");
        Files.writeString(lhotse.resolve("supervisions.jsonl"), """
                {"id": "1", "recording_id": "c", "start": 0, "duration": 0.7, "text": "Un", "language": "fr", "speaker": "Bea"}
                {"id": "2", "recording_id": "gone", "start": 0, "duration": 0.7, "text": "Deux"}
                """);
        Source all = new Several(List.of(
                new TarShards(shard.getParent().toString(), TextEncoding.UNICODE),
                new NemoManifest(nemo.toString(), TextEncoding.UNICODE),
                new LhotseManifests(lhotse.toString(), TextEncoding.UNICODE)));
        try (TestIngest ingest = new TestIngest(spark, temp, temp.resolve("lake"))) {
            StageSummary done = ingest.ingest(all, WaveConfig.standard(), (wave, waves, files, before) -> {});

            assertThat(done.in()).isEqualTo(6);
            assertThat(done.out()).isEqualTo(4);
            assertThat(done.rejected()).isEqualTo(Map.of("OUTSIDE", 1L, "BAD_ENTRY", 1L));
            assertThat(ingest.column(REJECTS, "detail"))
                    .anyMatch(detail -> detail.toString().startsWith("1 of 1 parts do not lie in its "))
                    .contains("a supervision of a recording that no manifest has");
            assertThat(LakeRows.of(ingest.lake, RECORDINGS))
                    .anySatisfy(row -> assertThat(row)
                            .containsEntry("uri", shard.toUri() + "#a.wav")
                            .containsEntry("domain", "prompts"))
                    .anySatisfy(row ->
                            assertThat(row.get("warning")).asString().startsWith("1 of 3 parts do not lie in its "));
            assertThat(LakeRows.of(ingest.lake, UTTERANCES).stream()
                            .map(row -> row.get("speaker") + " " + row.get("lang")))
                    .containsOnly("Ann und", "null und", "Bea fr");
            assertThat(ingest.column(TRANSCRIPTS, "raw_text")).contains("Call forwarding", "Call", "Forwarding");
            List<String> before = ingest.contents(RECORDINGS, UTTERANCES, TRANSCRIPTS, REJECTS);

            StageSummary again = ingest.ingest(all, WaveConfig.standard(), (wave, waves, files, known) -> {});
            assertThat(again.known()).isEqualTo(4);
            assertThat(again.audioSeconds()).isZero();
            assertThat(ingest.contents(RECORDINGS, UTTERANCES, TRANSCRIPTS, REJECTS))
                    .isEqualTo(before);
        }
    }
}
