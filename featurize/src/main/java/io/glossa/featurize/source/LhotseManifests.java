package io.glossa.featurize.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.glossa.featurize.Refusal;
import io.glossa.featurize.RejectCode;
import io.glossa.featurize.source.SourceFile.Extent;
import io.glossa.featurize.source.SourceFile.Span;
import io.glossa.text.TextEncoding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Lhotse's manifests, JSON lines, plain or packed: a file of cuts, or a folder with files whose names hold {@code recordings},
 * {@code supervisions} or {@code cuts}. Supervisions are the parts of their recording; of a cut without any the cut is.
 * Paths are from the manifest's folder on. A recording is named by the folder and its id, so that who lists a supervision need not
 * know of the recording.
 */
public final class LhotseManifests implements Source {
    private final String place;
    private final String folder;

    /** @param encoding is not asked: JSON is UTF-8 */
    public LhotseManifests(String place, TextEncoding encoding) {
        this.place = SourceBytes.uri(place);
        this.folder = isManifest(this.place) ? SourceBytes.parent(this.place) : this.place;
    }

    @Override
    public Place root() {
        return new Place(place);
    }

    @Override
    public void list(Place at, SourceBytes files, Found found) throws IOException {
        if (!isManifest(at.uri())) {
            for (Entry entry : files.list(at.uri())) {
                if (entry.kind() == Entry.Kind.FILE && isManifest(entry.uri())) {
                    found.place(new Place(entry.uri()));
                } else {
                    found.passedOver(entry.reason());
                }
            }
            return;
        }
        String name = at.uri().substring(at.uri().lastIndexOf('/') + 1);
        Lines.list(at, files, found, (line, where) -> {
            JsonNode entry = Meta.object(line);
            if (name.contains("supervisions")) {
                found.recording(supervision(entry));
            } else if (name.contains("recordings")) {
                found.recording(recording(entry));
            } else if (name.contains("cuts")) {
                found.recording(cut(entry));
            } else {
                throw new Refusal(
                        RejectCode.BAD_ENTRY,
                        "a manifest named " + name + ", expected recordings, supervisions or cuts");
            }
        });
    }

    private static boolean isManifest(String uri) {
        return uri.substring(uri.lastIndexOf('/') + 1).contains(".jsonl");
    }

    private SourceFile recording(JsonNode entry) throws Refusal {
        String id = Meta.required(entry, "id");
        JsonNode sources = entry.get("sources");
        if (sources == null || sources.size() != 1 || !"file".equals(Meta.text(sources.get(0), "type"))) {
            throw new Refusal(
                    RejectCode.BAD_ENTRY, "the recording " + id + " has sources " + sources + ", expected one file");
        }
        String audio = SourceBytes.resolve(folder, Meta.required(sources.get(0), "source"));
        return named(id).at(Extent.all(audio));
    }

    private SourceFile supervision(JsonNode entry) throws Refusal {
        String id = Meta.required(entry, "recording_id");
        return named(id)
                .cut(List.of(span(entry, 0)))
                .refused(RejectCode.BAD_ENTRY, "a supervision of a recording that no manifest has");
    }

    private SourceFile cut(JsonNode entry) throws Refusal {
        JsonNode recording = entry.get("recording");
        if (recording == null || !recording.isObject()) {
            throw new Refusal(
                    RejectCode.BAD_ENTRY,
                    "the cut " + Meta.text(entry, "id") + " of type " + Meta.text(entry, "type")
                            + " has no recording, expected a MonoCut");
        }
        double start = Meta.seconds(entry, "start", 0);
        List<Span> spans = new ArrayList<>();
        JsonNode supervisions = entry.get("supervisions");
        if (supervisions != null) {
            for (JsonNode supervision : supervisions) {
                spans.add(span(supervision, start));
            }
        }
        return recording(recording).cut(spans.isEmpty() ? List.of(span(entry, 0)) : spans);
    }

    /** @param from what its start counts from, s */
    private static Span span(JsonNode entry, double from) throws Refusal {
        double start = from + Meta.seconds(entry, "start", 0);
        double end = start + Meta.seconds(entry, "duration", Double.POSITIVE_INFINITY);
        if (!(end > start)) {
            throw new Refusal(RejectCode.BAD_ENTRY, "a part from " + start + " to " + end + " s");
        }
        String language = Meta.text(entry, Meta.LANGUAGE);
        return new Span(
                start,
                end,
                Meta.text(entry, Meta.TEXT),
                Meta.text(entry, Meta.SPEAKER),
                language == null ? null : Languages.ofTag(language));
    }

    private SourceFile named(String id) {
        return SourceFile.of(folder + "#" + id, id, Labels.of(place));
    }
}
