package io.glossa.featurize.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.glossa.featurize.Refusal;
import io.glossa.featurize.RejectCode;
import io.glossa.featurize.source.SourceFile.Span;
import io.glossa.text.TextEncoding;
import java.io.IOException;
import java.util.List;

/**
 * A manifest of NVIDIA's NeMo: a JSON object a line with {@code audio_filepath}, {@code text}, {@code duration} and, for a part of a
 * recording, {@code offset}; paths are from the manifest's folder on. Entries of one recording become its parts.
 */
public final class NemoManifest implements Source {
    private final String manifest;

    /** @param encoding is not asked: JSON is UTF-8 */
    public NemoManifest(String manifest, TextEncoding encoding) {
        this.manifest = SourceBytes.uri(manifest);
    }

    @Override
    public Place root() {
        return new Place(manifest);
    }

    @Override
    public void list(Place place, SourceBytes files, Found found) throws IOException {
        Lines.list(place, files, found, (line, name) -> found.recording(entry(Meta.object(line))));
    }

    private SourceFile entry(JsonNode entry) throws Refusal {
        String path = Meta.required(entry, "audio_filepath");
        String audio = SourceBytes.resolve(SourceBytes.parent(manifest), path);
        SourceFile file = SourceFile.of(audio, Entry.stem(path), Meta.labels(entry, Labels.of(manifest)));
        String text = Meta.text(entry, Meta.TEXT);
        if (entry.get("offset") == null) {
            return file.said(text);
        }
        double start = Meta.seconds(entry, "offset", 0);
        double end = start + Meta.seconds(entry, "duration", Double.POSITIVE_INFINITY);
        if (!(start >= 0 && end > start)) {
            throw new Refusal(RejectCode.BAD_ENTRY, "a part from " + start + " to " + end + " s of " + path);
        }
        return file.cut(List.of(new Span(
                start, end, text, file.labels().speaker(), file.labels().lang())));
    }
}
