package io.glossa.featurize.source;

import io.glossa.featurize.Refusal;
import io.glossa.featurize.RejectCode;
import io.glossa.featurize.text.TextLines;
import io.glossa.featurize.text.TextPart;
import io.glossa.text.TextEncoding;
import io.glossa.text.UndecodableText;
import java.io.IOException;
import java.util.List;

/** Files of a line for each entry in UTF-8, plain, gzip or zstd; large ones are listed in parts. */
final class Lines {
    private static final int LONGEST = 16 << 20;

    private Lines() {}

    /** Takes what a line says. */
    interface Entry {
        /**
         * Lists it.
         *
         * @param name of the line, for what is wrong with it
         * @throws Refusal if it cannot be understood; that becomes a reject
         */
        void list(String line, String name) throws Refusal, IOException;
    }

    /** Lists the lines of a place that is a file, or a part of one; a large file's parts become places. */
    static void list(Place place, SourceBytes files, Found found, Entry entry) throws IOException {
        try {
            if (place.end() < Long.MAX_VALUE) {
                read(new TextPart(place.uri(), place.start(), place.end()), files, found, entry);
                return;
            }
            List<TextPart> parts =
                    TextPart.of(place.uri(), files.version(place.uri()).bytes());
            read(parts.get(0), files, found, entry);
            parts.subList(1, parts.size())
                    .forEach(part -> found.place(new Place(part.uri(), part.start(), part.end())));
        } catch (Refusal refusal) {
            if (refusal.code() != RejectCode.EMPTY_FILE) {
                found.recording(SourceFile.of(place.uri(), place.uri(), Labels.of(place.uri()))
                        .refused(refusal.code(), refusal.getMessage()));
            }
        }
    }

    private static void read(TextPart part, SourceBytes files, Found found, Entry entry) throws IOException, Refusal {
        try (TextLines lines = TextLines.open(files.configuration(), part, LONGEST)) {
            for (TextLines.Line line = lines.next(); line != null; line = lines.next()) {
                String name = part.uri() + "#byte-" + line.offset();
                try {
                    String text = decode(line.bytes());
                    if (!text.isBlank()) {
                        entry.list(text, name);
                    }
                } catch (Refusal refusal) {
                    found.recording(SourceFile.of(name, name, Labels.of(part.uri()))
                            .refused(refusal.code(), refusal.getMessage()));
                }
            }
        }
    }

    private static String decode(byte[] line) throws Refusal {
        if (line.length > LONGEST) {
            throw new Refusal(RejectCode.TOO_LONG, "a line of more than " + LONGEST + " bytes");
        }
        try {
            return TextEncoding.UNICODE.decode(line);
        } catch (UndecodableText e) {
            throw new Refusal(RejectCode.TEXT_ENCODING, "the line: " + e.getMessage());
        }
    }
}
