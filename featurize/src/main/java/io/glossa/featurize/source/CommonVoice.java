package io.glossa.featurize.source;

import io.glossa.featurize.Refusal;
import io.glossa.featurize.RejectCode;
import io.glossa.text.TextEncoding;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Mozilla Common Voice (Ardila et al., LREC 2020) as it is unpacked: a folder for each language with {@code clips} and the tables
 * {@code train.tsv}, {@code dev.tsv} and {@code test.tsv}, or one of these folders. A clip that none of the three names is left
 * out, as the data set leaves it out of its splits.
 */
public final class CommonVoice implements Source {
    private static final Set<String> TABLES = Set.of("train.tsv", "dev.tsv", "test.tsv");

    private final String folder;

    /** @param encoding is not asked: its tables are UTF-8 */
    public CommonVoice(String folder, TextEncoding encoding) {
        this.folder = SourceBytes.uri(folder);
    }

    @Override
    public Place root() {
        return new Place(folder);
    }

    @Override
    public void list(Place place, SourceBytes files, Found found) throws IOException {
        if (!place.uri().endsWith(".tsv")) {
            for (Entry entry : files.list(place.uri())) {
                boolean isFolder =
                        entry.kind() == Entry.Kind.FOLDER && !entry.name().equals("clips");
                if (isFolder || TABLES.contains(entry.name())) {
                    found.place(new Place(entry.uri()));
                }
            }
            return;
        }
        List<String> columns = columns(place.uri(), files);
        Lines.list(place, files, found, (line, name) -> {
            List<String> values = Arrays.asList(line.split("\t", -1));
            if (!values.equals(columns)) {
                found.recording(clip(place.uri(), columns, values));
            }
        });
    }

    private static List<String> columns(String table, SourceBytes files) throws IOException {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(files.open(table), StandardCharsets.UTF_8))) {
            String head = in.readLine();
            return head == null ? List.of() : Arrays.asList(head.split("\t", -1));
        }
    }

    private SourceFile clip(String table, List<String> columns, List<String> values) throws Refusal {
        String path = value(columns, values, "path");
        String sentence = value(columns, values, "sentence");
        if (path == null || path.isBlank() || sentence == null) {
            throw new Refusal(
                    RejectCode.BAD_ENTRY,
                    values.size() + " values of the columns " + columns + ", expected path and sentence among them");
        }
        String name = table.substring(table.lastIndexOf('/') + 1);
        // The older ones name no ending.
        String clip = AudioNames.contains(path) ? path : path + ".mp3";
        String locale = value(columns, values, "locale");
        String language = SourceBytes.parent(table).replaceAll("/+$", "");
        Labels labels = Labels.of(folder)
                .inLanguage(locale != null ? locale : language.substring(language.lastIndexOf('/') + 1))
                .inSplit(Entry.stem(name))
                .by(value(columns, values, "client_id"))
                .under("CC0-1.0")
                .about("read sentence");
        String uri = SourceBytes.resolve(SourceBytes.parent(table) + "clips/", clip);
        return SourceFile.of(uri, Entry.stem(path), labels).said(sentence);
    }

    private static String value(List<String> columns, List<String> values, String name) {
        int at = columns.indexOf(name);
        return at < 0 || at >= values.size() ? null : values.get(at);
    }
}
