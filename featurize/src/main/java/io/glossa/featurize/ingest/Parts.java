package io.glossa.featurize.ingest;

import io.glossa.featurize.Refusal;
import io.glossa.featurize.RejectCode;
import io.glossa.featurize.decode.AudioDecoder;
import io.glossa.featurize.segment.Segment;
import io.glossa.featurize.source.SourceFile.Span;
import io.glossa.featurize.source.Split;
import io.glossa.featurize.source.Transcript;
import io.glossa.text.TextNormalizer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which parts of a recording become utterances.
 *
 * @param warning what was left out; null for nothing
 */
record Parts(List<Part> parts, String warning) {
    /** What a manifest's end may lie behind the recording's: decoders differ in the padding that they take off. */
    private static final double TOLERANCE_SECONDS = 0.5;

    /** One of them and what was said in it, where that is known. */
    record Part(Segment segment, String speaker, String lang, String text, String rawText) {}

    /** The whole recording with its transcript, or segments of one that has none. */
    static Parts of(List<Segment> segments, Transcript said) {
        return new Parts(
                segments.stream()
                        .map(segment -> new Part(segment, null, null, said.text(), said.raw()))
                        .toList(),
                null);
    }

    /**
     * Those that a source names, each range once; they may overlap.
     *
     * @param samples of the recording
     * @throws Refusal if the recording has none of them
     */
    static Parts of(List<Span> spans, Transcript said, int samples) throws Refusal {
        boolean withText = !said.split().equals(Split.UNLABELLED.column());
        Map<Segment, Part> parts = new LinkedHashMap<>();
        int outside = 0;
        for (Span span : spans) {
            if (isIn(span, samples)) {
                Segment segment = segment(span, samples);
                parts.putIfAbsent(segment, part(segment, span, withText));
            } else {
                outside++;
            }
        }
        double seconds = (double) samples / AudioDecoder.SAMPLE_RATE;
        String lost = outside + " of " + spans.size() + " parts do not lie in its " + seconds + " s";
        if (parts.isEmpty()) {
            throw new Refusal(RejectCode.OUTSIDE, lost);
        }
        int twice = spans.size() - outside - parts.size();
        String warning = outside > 0 ? lost : null;
        if (twice > 0) {
            String repeated = twice + " parts are named again";
            warning = warning == null ? repeated : warning + ", " + repeated;
        }
        return new Parts(List.copyOf(parts.values()), warning);
    }

    private static boolean isIn(Span span, int samples) {
        double seconds = (double) samples / AudioDecoder.SAMPLE_RATE;
        boolean ends = span.end() <= seconds + TOLERANCE_SECONDS || span.end() == Double.POSITIVE_INFINITY;
        return span.start() >= 0 && ends && segment(span, samples).length() > 0;
    }

    private static Segment segment(Span span, int samples) {
        int start = (int) Math.min(samples, Math.round(span.start() * AudioDecoder.SAMPLE_RATE));
        return new Segment(start, (int)
                Math.max(start, Math.min(samples, Math.round(span.end() * AudioDecoder.SAMPLE_RATE))));
    }

    private static Part part(Segment segment, Span span, boolean withText) {
        String text = withText && span.text() != null ? TextNormalizer.normalize(span.text()) : "";
        return new Part(
                segment,
                span.speaker(),
                span.lang(),
                text.isEmpty() ? null : text,
                text.isEmpty() ? null : span.text().strip());
    }
}
