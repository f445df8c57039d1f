package io.glossa.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.featurize.ingest.IngestConfig;
import io.glossa.featurize.ingest.WaveConfig;
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
import io.glossa.trainer.objective.Head;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The demo's recogniser learns from an hour of speech, by any head. About half an hour each on two cores; fetches the demo's recordings. */
class LearningTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"CTC, 8, 0.55", "RNNT, 8, 0.45", "LAS, 12, 0.60"})
    @Tag("slow")
    void recognisesMostLettersAfterSomePasses(Head head, int passes, double bar) {
        try (Lake lake = Lake.open(LakeConfig.local(folder.resolve("lake")));
                Session session = Session.open("test", lake)) {
            List<String> languages = DebianPrompts.LANGUAGES;
            IngestJob.run(
                    DebianPrompts.fetch(folder.resolve("audio"), languages).source(),
                    IngestConfig.standard(),
                    WaveConfig.standard(),
                    lake,
                    session.spark());
            FeaturizeJob.run(FrontEndConfig.usm(), OptionalLong.empty(), lake, session.spark());

            double[] rates = IntStream.range(0, 3)
                    .mapToDouble(seed -> errorRate(head, passes, seed, lake, session))
                    .toArray();

            assertThat(Arrays.stream(rates).average().orElseThrow())
                    .as("mean CER")
                    .isLessThanOrEqualTo(bar);
        }
    }

    private double errorRate(Head head, int passes, int seed, Lake lake, Session session) {
        FinetuneConfig config = FinetuneConfig.of(
                head,
                DemoPlan.PRESET,
                DemoPlan.training(DemoPlan.BATCH_SECONDS, passes, seed),
                List.of("train"),
                Folder.of(folder.resolve("models").resolve("seed-" + seed)));
        Folder checkpoint = FinetuneJob.run(config, lake, session.spark()).checkpoint();
        double rate = EvaluateJob.run(EvaluateConfig.of(checkpoint), lake, session.spark())
                .evaluation()
                .rates()
                .cer();
        System.out.printf("%s, seed %d: CER %.4f%n", head, seed, rate);
        return rate;
    }
}
