package io.glossa.featurize.ingest;

import io.glossa.featurize.Ids;
import io.glossa.featurize.Refusal;
import io.glossa.featurize.RejectCode;
import io.glossa.featurize.decode.AudioDecoder;
import io.glossa.featurize.decode.Decoded;
import io.glossa.featurize.decode.FlacEncoder;
import io.glossa.featurize.segment.Segment;
import io.glossa.featurize.segment.Segmenter;
import java.util.Arrays;
import java.util.List;

/**
 * A file that was read, decoded and cut.
 *
 * @param id {@link Ids#recording}
 * @param bytes length of the file
 * @param audio what decoded
 * @param utterances at least one
 */
record Recording(String id, long bytes, Decoded.Ok audio, List<Utterance> utterances) {
    /**
     * Of a file's bytes; a file with transcript is one utterance, whatever its length.
     *
     * @throws Refusal also if there is no speech: a transcript does not make it so
     */
    static Recording of(SourceFile file, byte[] bytes, IngestConfig config) throws Refusal {
        Decoded decoded = AudioDecoder.decode(bytes, config.decoding(file));
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
                            + (file.text() == null ? "" : ", though there is a transcript"));
        }
        if (file.text() != null) {
            segments = List.of(new Segment(0, samples.length));
        }
        String id = Ids.recording(bytes);
        return new Recording(
                id,
                bytes.length,
                audio,
                segments.stream().map(segment -> cut(id, samples, segment)).toList());
    }

    private static Utterance cut(String recording, float[] samples, Segment segment) {
        float[] part = Arrays.copyOfRange(samples, segment.start(), segment.end());
        return new Utterance(
                Ids.utterance(recording, segment.start(), segment.end()), segment, FlacEncoder.encode(part));
    }
}
