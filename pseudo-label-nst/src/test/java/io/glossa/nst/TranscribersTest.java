package io.glossa.nst;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.storage.Half;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who has which transcriber, and what tasks hear that share one. */
class TranscribersTest {
    private static final int SEED = 11;
    private static final TinySpeech SPEECH = new TinySpeech(12, 32, 80, SEED);

    @TempDir
    static Path folder;

    private static Teacher teacher;
    private static Teacher onGpu;

    @BeforeAll
    static void prepare() {
        System.out.println("seed " + SEED);
        teacher = Teacher.of(SPEECH.teacher(folder, 3));
        onGpu = teacher.on("emit-only");
    }

    @AfterEach
    void release() {
        Transcribers.closeIdle();
    }

    @Test
    void tasksShareAGpuAndNotAProcessorsThread() {
        Transcriber one = Transcribers.borrow(onGpu, "0");
        Transcriber same = Transcribers.borrow(onGpu, "0");
        Transcriber other = Transcribers.borrow(onGpu, "1");
        assertThat(same).isSameAs(one);
        assertThat(other).isNotSameAs(one);
        List.of(one, same, other).forEach(Transcribers::giveBack);

        Transcriber first = Transcribers.borrow(teacher, "0");
        Transcriber second = Transcribers.borrow(teacher, "0");
        assertThat(second).isNotSameAs(first);
        Transcribers.giveBack(first);
        assertThat(Transcribers.borrow(teacher, "1")).isSameAs(first);
        List.of(first, second).forEach(Transcribers::giveBack);
    }

    @Test
    void whatFailedForOneTaskIsForNoNewOneAndServesThoseThatHaveIt() {
        Transcriber failed = Transcribers.borrow(onGpu, "0");
        Transcribers.borrow(onGpu, "0");
        Transcribers.giveUp(failed);
        Transcriber fresh = Transcribers.borrow(onGpu, "0");
        assertThat(fresh).isNotSameAs(failed);
        assertThat(heard(failed)).hasSize(SPEECH.size());
        Transcribers.giveBack(failed);
        Transcribers.giveBack(fresh);
        assertThat(Transcribers.borrow(onGpu, "0")).isSameAs(fresh);
        Transcribers.giveBack(fresh);
    }

    @Test
    void tasksThatShareAGpuHearWhatOneAloneHears() {
        Transcriber shared = Transcribers.borrow(onGpu, "0");
        List<Hypothesis> alone = heard(shared);
        List<CompletableFuture<List<Hypothesis>>> tasks = List.of(
                CompletableFuture.supplyAsync(() -> heard(shared)), CompletableFuture.supplyAsync(() -> heard(shared)));
        tasks.forEach(task -> assertThat(task.join()).isEqualTo(alone));
        Transcribers.giveBack(shared);
    }

    private static List<Hypothesis> heard(Transcriber transcriber) {
        List<Features> features = new ArrayList<>();
        for (int i = 0; i < SPEECH.size(); i++) {
            int frames = SPEECH.utterance(i).frames();
            float[] values = SPEECH.features(i);
            features.add(new Features("u" + i, "en", "test", frames, teacher.mels(), Half.encode(values)));
        }
        List<Hypothesis> hypotheses = new ArrayList<>();
        transcriber.transcribe(features.iterator()).forEachRemaining(hypotheses::add);
        return hypotheses;
    }
}
