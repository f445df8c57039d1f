package io.glossa.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.featurize.ingest.IngestConfig;
import io.glossa.featurize.ingest.WaveConfig;
import io.glossa.featurize.mel.FrontEndConfig;
import io.glossa.featurize.source.AudioFolder;
import io.glossa.jobs.TestRecordings;
import io.glossa.jobs.featurize.FeaturizeJob;
import io.glossa.jobs.ingest.IngestJob;
import io.glossa.jobs.spark.Session;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeConfig;
import io.glossa.text.TextEncoding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever has the audio and the seed can make the model again, from raw audio to its last bit. */
class TwoLakesTest {
    private static final int RECORDINGS = 10;
    private static final List<String> ALL = List.of("train", "test", "unlabelled");

    @TempDir
    Path folder;

    @Test
    @Tag("slow")
    void theSameAudioAndSeedGiveTheSameBitsInAnotherLake() throws IOException {
        Path audio = recordings("audio", RECORDINGS);
        Path half = recordings("first half", RECORDINGS / 2);

        String atOnce = models(folder.resolve("lake"), audio, audio);
        String inTwoParts = models(folder.resolve("elsewhere/lake"), half, audio);

        assertThat(inTwoParts).isEqualTo(atOnce);
    }

    /** Ingests one folder, then another, and gives the digests of the models that are trained on what is there then. */
    private String models(Path root, Path first, Path second) throws IOException {
        try (Lake lake = Lake.open(LakeConfig.local(root));
                Session session = Session.open("test", lake)) {
            SparkSession spark = session.spark();
            for (Path audio : List.of(first, second)) {
                IngestJob.run(
                        new AudioFolder(audio.toString(), TextEncoding.UNICODE),
                        IngestConfig.standard(),
                        WaveConfig.standard(),
                        lake,
                        spark);
                FeaturizeJob.run(FrontEndConfig.usm(), OptionalLong.empty(), lake, spark);
            }
            Map<String, String> small = new HashMap<>(TinyLake.settings("passes", "2", "seed", "5"));
            small.remove("mels");
            small.put("buckets", "120,200");
            Map<String, String> books = new HashMap<>(small);
            books.putAll(Map.of("codebooks", "2", "codes", "16", "code-dim", "4"));
            Machine two = new Machine("cpu", 1, 2, 0, "");
            TrainResult encoder = PretrainJob.run(
                    PretrainConfig.of("xs", books, ALL, Folder.of(root.resolve("pretrained")))
                            .on(two),
                    lake,
                    spark);
            TrainResult recogniser = FinetuneJob.run(
                    FinetuneConfig.from(encoder.folder(), small, ALL, Folder.of(root.resolve("recogniser")))
                            .on(two),
                    lake,
                    spark);
            assertThat(recogniser.steps()).isGreaterThan(3);
            return encoder.digest() + " " + recogniser.digest();
        }
    }

    private Path recordings(String name, int count) throws IOException {
        Path audio = folder.resolve(name);
        TestRecordings.writeWithTexts(audio.resolve("en"), count);
        return audio;
    }
}
