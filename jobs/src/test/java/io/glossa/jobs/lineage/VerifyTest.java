package io.glossa.jobs.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.jobs.Printed;
import io.glossa.jobs.spark.Session;
import io.glossa.jobs.train.FinetuneConfig;
import io.glossa.jobs.train.FinetuneJob;
import io.glossa.jobs.train.Machine;
import io.glossa.jobs.train.PretrainConfig;
import io.glossa.jobs.train.PretrainJob;
import io.glossa.jobs.train.TinyLake;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeConfig;
import io.glossa.storage.checkpoint.Checkpoint;
import io.glossa.storage.checkpoint.CheckpointMeta;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.storage.checkpoint.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyTest {
    private static final List<String> TRAIN = List.of("train");

    @TempDir
    Path root;

    @Test
    @Tag("slow")
    void saysWhetherTheSameBitsComeAgain() throws IOException {
        Folder pre = Folder.of(root.resolve("lake/models/pre"));
        Folder ctc = Folder.of(root.resolve("lake/models/ctc"));
        try (Lake lake = Lake.open(LakeConfig.local(root.resolve("lake")));
                Session session = Session.open("test", lake)) {
            TinyLake.fill(session.spark(), lake);
            PretrainJob.run(
                    PretrainConfig.of(
                                    "xs",
                                    TinyLake.pretraining("passes", "2", "parts", "2", "checkpoint-steps", "2"),
                                    TRAIN,
                                    pre)
                            .on(new Machine("cpu", 2, 1, 0, "")),
                    lake,
                    session.spark());
            Map<String, String> settings = TinyLake.settings("passes", "2", "checkpoint-steps", "2");
            FinetuneJob.run(
                    FinetuneConfig.from(pre, settings, TRAIN, ctc).on(new Machine("cpu", 1, 2, 0, "")),
                    lake,
                    session.spark());
        }

        for (Folder run : List.of(pre, ctc)) {
            Printed said = verify(run);
            assertThat(said.text())
                    .startsWith("yes: steps ")
                    .contains("same bits")
                    .doesNotContain("differs");
            assertThat(said.exit()).isZero();
        }
        assertThat(pre.parent().names()).as("nothing is left").containsExactlyInAnyOrder("pre", "ctc");

        altered(ctc);
        Printed said = verify(ctc);
        assertThat(said.text())
                .startsWith("no: steps ")
                .contains("differs: jdk: one of long ago then, " + System.getProperty("java.vm.name"));
        assertThat(said.exit()).isEqualTo(VerifyCommand.OTHER_BITS);

        assertThat(verify(ctc.resolve(Checkpoints.finished(ctc).get(1).name())).text())
                .contains("expected it to be the last checkpoint there");
    }

    /** Changes a bit of the model, and says that it was trained on another JDK. */
    private static void altered(Folder run) {
        Checkpoint last = Checkpoints.read(Checkpoints.latest(run).orElseThrow());
        Map<String, Tensor> model = new HashMap<>(last.model());
        String name = model.keySet().stream().sorted().findFirst().orElseThrow();
        float[] values = model.get(name).floats();
        values[0] = Math.nextUp(values[0]);
        model.put(name, Tensor.of(values, model.get(name).shape()));
        CheckpointMeta meta = last.meta();
        Map<String, String> lineage = new HashMap<>(meta.lineage());
        lineage.put("glossa.environment.jdk", "one of long ago");
        Checkpoints.write(
                run,
                new Checkpoint(
                        last.step(),
                        model,
                        last.optimizer(),
                        new CheckpointMeta(
                                meta.step(),
                                meta.kind(),
                                meta.config(),
                                meta.cursor(),
                                meta.metrics(),
                                lineage,
                                meta.base())));
    }

    @Test
    void namesWhatDiffersInWhereItRan() {
        assertThat(Verification.differences(
                        Map.of("jdk", "17", "os", "Linux", "ranks", "2"),
                        Map.of("jdk", "21", "os", "Linux", "code", "1")))
                .containsExactly("code: not noted then, 1 now", "jdk: 17 then, 21 now", "ranks: 2 then, not noted now");
    }

    /** The answer, and the exit code. */
    private Printed verify(Folder path) {
        Printed all = Printed.by(
                "verify", path.location(), "--lake", root.resolve("lake").toString());
        int answer =
                Math.max(0, Math.max(all.text().indexOf("yes: "), all.text().indexOf("no: ")));
        return new Printed(all.exit(), all.text().substring(answer));
    }
}
