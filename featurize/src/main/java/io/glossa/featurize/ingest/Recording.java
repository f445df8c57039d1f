package io.glossa.featurize.ingest;

import io.glossa.featurize.Ids;
import io.glossa.featurize.Refusal;
import io.glossa.featurize.RejectCode;
import io.glossa.featurize.decode.Decoded;
import io.glossa.featurize.decode.FlacEncoder;
import io.glossa.featurize.segment.Segment;
import io.glossa.featurize.segment.Segmenter;
import io.glossa.featurize.source.Labels;
import io.glossa.featurize.source.SourceFile;
import io.glossa.featurize.source.Transcript;
import java.util.Arrays;
import java.util.List;

/**
 * A file that was read, decoded and cut.
 *
 * @param id {@link Ids#recording}
 * @param bytes length of the file
 * @param audio what decoded
 * @param utterances at least one
 * @param warning what was forgiven; null for nothing
 */
record Recording(String id, long bytes, Decoded.Ok audio, List<Utterance> utterances, String warning) {
    /**
     * Of a file's bytes; a file with transcript is one utterance, whatever its length, and one of which the source names parts
     * is these.
     *
     * @throws Refusal also if there is no speech: a transcript does not make it so
     */
    static Recording of(SourceFile file, Transcript said, byte[] bytes, IngestConfig config) throws Refusal {
        Decoded decoded = config.decode(file, bytes);
        if (decoded instanceof Decoded.Reject reject) {
            throw new Refusal(reject.code(), reject.detail());
        }
        Decoded.Ok audio = (Decoded.Ok) decoded;
        float[] samples = audio.samples();
        List<Segment> segments = Segmenter.segments(samples, config.segmenter());
        if (segments.isEmpty()) {
            throw new Refusal(
                    RejectCode.NO_SPEECH,
                    "no speech in " + audio.info().durationSeconds() + " s"
                            + (said.text() == null ? "" : ", though there is a transcript"));
        }
        Parts parts = file.spans().isEmpty()
                ? Parts.of(said.text() == null ? segments : List.of(new Segment(0, samples.length)), said)
                : Parts.of(file.spans(), said, samples.length);
        String id = Ids.recording(bytes);
        Labels labels = file.labels();
        return new Recording(
                id,
                bytes.length,
                audio,
                parts.parts().stream()
                        .map(part -> cut(id, samples, part, labels))
                        .toList(),
                parts.warning() == null
                        ? audio.warning()
                        : audio.warning() == null ? parts.warning() : audio.warning() + "; " + parts.warning());
    }

    private static Utterance cut(String recording, float[] samples, Parts.Part part, Labels labels) {
        Segment segment = part.segment();
        return new Utterance(
                Ids.utterance(recording, segment.start(), segment.end()),
                segment,
                part.speaker() == null ? labels.speaker() : part.speaker(),
                part.lang() == null ? labels.lang() : part.lang(),
                part.text(),
                part.rawText(),
                FlacEncoder.encode(Arrays.copyOfRange(samples, segment.start(), segment.end())));
    }
}
