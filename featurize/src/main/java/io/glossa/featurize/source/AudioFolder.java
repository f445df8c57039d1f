package io.glossa.featurize.source;

import io.glossa.text.TextEncoding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A person's own recordings: every audio file in a folder and below it, links followed. A transcript is the text file of the
 * same name beside it; the language is the name of the first-level folder where that is an ISO 639 code, else {@code und}.
 *
 * <p>Recordings with a transcript fall into the three splits as {@link Split#of} says; those without are unlabelled. A recording
 * is what is named like one ({@link AudioNames}). Hidden files and folders are none, such as the {@code ._x.wav} that macOS
 * writes beside {@code x.wav}.
 */
public final class AudioFolder implements Source {
    private static final String TEXT = "txt";
    private static final String HIDDEN = "hidden";

    private final String folder;
    private final String encoding;

    /** @param encoding of the texts that have no byte order mark */
    public AudioFolder(String folder, TextEncoding encoding) {
        this.folder = SourceBytes.uri(folder);
        this.encoding = encoding.name();
    }

    @Override
    public Place root() {
        return new Place(folder);
    }

    @Override
    public void list(Place place, SourceBytes files, Found found) throws IOException {
        List<Entry> recordings = new ArrayList<>();
        Map<String, Entry> texts = new HashMap<>();
        for (Entry entry : files.list(place.uri())) {
            if (entry.isHidden()) {
                found.passedOver(HIDDEN);
            } else if (entry.ending().equals(TEXT)) {
                texts.merge(entry.stem(), entry, (one, other) -> one.name().endsWith("." + TEXT) ? one : other);
                if (entry.kind() == Entry.Kind.FOLDER) {
                    found.place(new Place(entry.uri()));
                }
            } else if (entry.kind() == Entry.Kind.FOLDER) {
                found.place(new Place(entry.uri()));
            } else if (entry.kind() == Entry.Kind.LOOP) {
                found.passedOver("link to a folder above it");
            } else if (AudioNames.contains(entry.name())) {
                recordings.add(entry);
            } else {
                found.passedOver(entry.reason());
            }
        }
        Set<String> spoken = new HashSet<>();
        for (Entry recording : recordings) {
            spoken.add(recording.stem());
            found.recording(recording(recording, texts.get(recording.stem())));
        }
        texts.forEach((stem, text) -> {
            if (!spoken.contains(stem) && text.kind() == Entry.Kind.FILE) {
                found.passedOver("." + TEXT + " without a recording");
            }
        });
    }

    private SourceFile recording(Entry audio, Entry text) {
        String path = SourceBytes.relative(folder, audio.uri());
        int first = path.indexOf('/');
        Labels labels = Labels.of(folder).inLanguage(first < 0 ? null : path.substring(0, first));
        SourceFile file = SourceFile.of(audio.uri(), Entry.stem(path), labels)
                .in(audio.version())
                .refused(audio.fault());
        return text == null ? file : file.saidIn(new SourceFile.TextFile(text.uri(), text.version(), encoding));
    }
}
