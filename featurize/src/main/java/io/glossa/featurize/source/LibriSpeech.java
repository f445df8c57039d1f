package io.glossa.featurize.source;

import io.glossa.featurize.RejectCode;
import io.glossa.text.TextEncoding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * LibriSpeech (Panayotov et al., ICASSP 2015; openslr.org/12) as it is unpacked: {@code train-clean-100/SPEAKER/CHAPTER/} with a
 * FLAC file for each utterance and {@code SPEAKER-CHAPTER.trans.txt} of all. Its splits are {@code train}, {@code dev} and {@code
 * test}.
 */
public final class LibriSpeech implements Source {
    private static final String TEXTS = ".trans.txt";

    private final String folder;

    /** @param encoding is not asked: its texts are ASCII */
    public LibriSpeech(String folder, TextEncoding encoding) {
        this.folder = SourceBytes.uri(folder);
    }

    @Override
    public Place root() {
        return new Place(folder);
    }

    @Override
    public void list(Place place, SourceBytes files, Found found) throws IOException {
        List<Entry> recordings = new ArrayList<>();
        Map<String, String> texts = new HashMap<>();
        for (Entry entry : files.list(place.uri())) {
            if (entry.kind() == Entry.Kind.FOLDER) {
                found.place(new Place(entry.uri()));
            } else if (entry.name().endsWith(TEXTS)) {
                Lines.list(new Place(entry.uri()), files, found, (line, name) -> {
                    String[] fields = line.strip().split(" ", 2);
                    texts.put(fields[0], fields.length > 1 ? fields[1] : "");
                });
            } else if (entry.ending().equals("flac")) {
                recordings.add(entry);
            } else {
                found.passedOver(entry.reason());
            }
        }
        for (Entry recording : recordings) {
            found.recording(recording(recording.uri(), recording.stem())
                    .in(recording.version())
                    .refused(recording.fault())
                    .said(texts.remove(recording.stem())));
        }
        texts.keySet()
                .forEach(id -> found.recording(recording(place.uri() + "#" + id, id)
                        .refused(RejectCode.BAD_ENTRY, "a text without a recording")));
    }

    private SourceFile recording(String uri, String id) {
        String path = SourceBytes.relative(folder, uri.replaceAll("#.*", ""));
        Labels labels = Labels.of(folder)
                .inLanguage("en")
                .by(id.split("-", 2)[0])
                .under("CC-BY-4.0")
                .about("audiobook");
        for (String split : List.of("train", "dev", "test")) {
            if (("/" + path).contains("/" + split + "-")) {
                labels = labels.inSplit(split);
            }
        }
        return SourceFile.of(uri, id, labels);
    }
}
