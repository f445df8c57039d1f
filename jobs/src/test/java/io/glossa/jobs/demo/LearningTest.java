package io.glossa.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.featurize.ingest.IngestConfig;
import io.glossa.featurize.mel.FrontEndConfig;
import io.glossa.jobs.corpus.DebianPrompts;
import io.glossa.jobs.evaluate.EvaluateConfig;
import io.glossa.jobs.evaluate.EvaluateJob;
import io.glossa.jobs.featurize.FeaturizeJob;
import io.glossa.jobs.ingest.IngestJob;
import io.glossa.jobs.spark.Session;
import io.glossa.jobs.train.FinetuneConfig;
import io.glossa.jobs.train.FinetuneJob;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeConfig;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo's recogniser learns from an hour of speech. About half an hour on two cores; fetches the demo's recordings. */
class LearningTest {
    private static final int PASSES = 22;

    @TempDir
    Path folder;

    @Test
    @Tag("slow")
    void recognisesMoreThanHalfOfTheLettersAfterTwentyTwoPasses() {
        try (Lake lake = Lake.open(LakeConfig.local(folder.resolve("lake")));
                Session session = Session.open("test", lake)) {
            List<String> languages = DebianPrompts.LANGUAGES;
            IngestJob.run(
                    DebianPrompts.fetch(folder.resolve("audio"), languages),
                    IngestConfig.standard(),
                    lake,
                    session.spark());
            FeaturizeJob.run(FrontEndConfig.usm(), OptionalLong.empty(), lake, session.spark());

            double[] rates = IntStream.range(0, 3)
                    .mapToDouble(seed -> errorRate(seed, lake, session))
                    .toArray();

            assertThat(Arrays.stream(rates).average().orElseThrow())
                    .as("mean CER")
                    .isLessThanOrEqualTo(0.55);
        }
    }

    private double errorRate(int seed, Lake lake, Session session) {
        FinetuneConfig config = FinetuneConfig.of(
                DemoPlan.PRESET,
                DemoPlan.training(PASSES, seed),
                List.of("train"),
                Folder.of(folder.resolve("models").resolve("seed-" + seed)));
        Folder checkpoint = FinetuneJob.run(config, lake, session.spark()).checkpoint();
        double rate = EvaluateJob.run(EvaluateConfig.of(checkpoint), lake, session.spark())
                .evaluation()
                .rates()
                .cer();
        System.out.printf("seed %d: CER %.4f%n", seed, rate);
        return rate;
    }
}
