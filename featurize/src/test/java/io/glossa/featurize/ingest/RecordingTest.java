package io.glossa.featurize.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.glossa.featurize.Refusal;
import io.glossa.featurize.RejectCode;
import io.glossa.featurize.Speech;
import io.glossa.featurize.decode.AudioDecoder;
import io.glossa.featurize.decode.TestEncoder;
import io.glossa.featurize.segment.Segment;
import io.glossa.featurize.source.Labels;
import io.glossa.featurize.source.SourceFile;
import io.glossa.featurize.source.Transcript;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RecordingTest {
    private static final int RATE = AudioDecoder.SAMPLE_RATE;

    static List<Arguments> speechless() {
        float[] click = new float[3 * RATE];
        Arrays.fill(click, RATE, RATE + 160, 0.9f);
        float[] constant = new float[3 * RATE];
        Arrays.fill(constant, 0.4f);
        return List.of(
                recording("silence", new float[3 * RATE]),
                recording("a last bit that flickers", Speech.noise(3, 2e-5, 1)),
                recording("noise at −80 dB", Speech.noise(3, 1e-4, 2)),
                recording("speech 60 dB too quiet", Speech.times(Speech.wideband(), 1e-3)),
                recording("a click", click),
                recording("a constant", constant),
                recording("40 ms of speech", Arrays.copyOfRange(Speech.wideband(), 8000, 8640)),
                recording("channels of noise in antiphase", Speech.noise(3, 1e-4, 3), Speech.noise(3, -1e-4, 3)));
    }

    @ParameterizedTest
    @MethodSource("speechless")
    void isNotMadeOfAFileWithoutSpeech(byte[] file) {
        for (String text : new String[] {"call forwarding", null}) {
            Refusal refusal = catchThrowableOfType(Refusal.class, () -> recording(file, text));
            assertThat(refusal.code()).isEqualTo(RejectCode.NO_SPEECH);
            assertThat(refusal.getMessage()).startsWith("no speech in ");
            assertThat(refusal.getMessage().endsWith("transcript")).isEqualTo(text != null);
        }
    }

    @Test
    void isOneUtteranceWhereThereIsATranscript() throws Refusal {
        float[] word = Speech.wideband();
        float[] pauses = Speech.join(new float[5 * RATE], word, new float[5 * RATE], word);
        byte[] file = TestEncoder.encode("wav", "pcm_s16le", RATE, pauses);
        assertThat(recording(file, "call forwarding call forwarding").utterances())
                .singleElement()
                .satisfies(utterance -> assertThat(utterance.segment()).isEqualTo(new Segment(0, pauses.length)));
        assertThat(recording(file, null).utterances()).hasSize(2);
    }

    private static Recording recording(byte[] file, String text) throws Refusal {
        SourceFile source = SourceFile.of("a.wav", "a", Labels.of("test").inLanguage("en"));
        return Recording.of(source, new Transcript("train", text, text), file, IngestConfig.standard());
    }

    private static Arguments recording(String name, float[]... channels) {
        return Arguments.of(Named.of(name, TestEncoder.encode("wav", "pcm_f32le", RATE, channels)));
    }
}
