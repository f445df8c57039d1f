package io.glossa.featurize.source;

import io.glossa.featurize.Refusal;
import io.glossa.featurize.RejectCode;
import io.glossa.featurize.source.SourceFile.Extent;
import io.glossa.featurize.source.SourceFile.Span;
import io.glossa.text.TextEncoding;
import java.io.IOException;
import java.util.List;

/**
 * A data directory of Kaldi, or a folder of such: {@code wav.scp}, and where they are there {@code segments}, {@code text} and {@code
 * utt2spk}. Utterances are the parts of their recording; without {@code segments} each recording is one utterance. Paths in
 * {@code wav.scp} are from the data directory on; commands are not run. The files are sorted, as Kaldi's are, so that they are
 * read side by side and in memory is a line of each.
 */
public final class KaldiData implements Source {
    private static final String RECORDINGS = "wav.scp";
    private static final String SEGMENTS = "segments";
    private static final String UTTERANCES = "#utterances";

    private final String place;

    /** @param encoding is not asked: Kaldi's files are UTF-8 */
    public KaldiData(String place, TextEncoding encoding) {
        this.place = SourceBytes.uri(place).replaceAll("/*$", "/");
    }

    @Override
    public Place root() {
        return new Place(place);
    }

    @Override
    public void list(Place at, SourceBytes files, Found found) throws IOException {
        if (at.uri().endsWith(UTTERANCES)) {
            utterances(at.uri().substring(0, at.uri().length() - UTTERANCES.length()), files, found);
        } else if (at.uri().endsWith("/" + RECORDINGS)) {
            Lines.list(
                    at, files, found, (line, name) -> found.recording(recording(SourceBytes.parent(at.uri()), line)));
        } else {
            boolean isData = false;
            for (Entry entry : files.list(at.uri())) {
                if (entry.kind() == Entry.Kind.FOLDER && !entry.isHidden()) {
                    found.place(new Place(entry.uri().replaceAll("/*$", "/")));
                } else if (entry.name().equals(RECORDINGS)) {
                    found.place(new Place(entry.uri()));
                    isData = true;
                }
            }
            if (isData) {
                found.place(new Place(at.uri() + UTTERANCES));
            }
        }
    }

    private SourceFile recording(String folder, String line) throws Refusal {
        String[] fields = line.strip().split("\\s+", 2);
        if (fields.length < 2 || fields[1].endsWith("|")) {
            throw new Refusal(
                    RejectCode.BAD_ENTRY,
                    "a line of " + RECORDINGS + " without a file: " + line + ", expected a recording and its path");
        }
        return named(folder, fields[0]).at(Extent.all(SourceBytes.resolve(folder, fields[1])));
    }

    private void utterances(String folder, SourceBytes files, Found found) throws IOException {
        boolean cut = files.exists(folder + SEGMENTS);
        try (KaldiTable text = KaldiTable.open(folder + "text", files);
                KaldiTable speakers = KaldiTable.open(folder + "utt2spk", files);
                KaldiTable segments = KaldiTable.open(folder + SEGMENTS, files)) {
            KaldiTable leading = cut ? segments : text;
            while (leading.next()) {
                if (cut) {
                    unsegmented(folder, text, leading.key(), found);
                }
                String words = cut ? text.at(leading.key()) : leading.value();
                found.recording(utterance(
                        folder, leading.key(), cut ? leading.value() : null, words, speakers.at(leading.key())));
            }
            if (cut) {
                unsegmented(folder, text, null, found);
            }
        } catch (Refusal refusal) {
            found.recording(named(folder, "").refused(refusal.code(), refusal.getMessage()));
        }
    }

    /** Refuses texts of utterances that come before one, or all that are left, and that no segment names. */
    private void unsegmented(String folder, KaldiTable text, String before, Found found) throws Refusal, IOException {
        for (String lost = text.passed(before); lost != null; lost = text.passed(before)) {
            found.recording(
                    named(folder, lost).refused(RejectCode.BAD_ENTRY, "a text of an utterance without a segment"));
        }
    }

    private SourceFile utterance(String folder, String key, String segment, String words, String speaker) {
        if (segment == null) {
            return lost(named(folder, key).cut(List.of(new Span(0, Double.POSITIVE_INFINITY, words, speaker, null))));
        }
        String[] fields = segment.split("\\s+");
        try {
            double start = Double.parseDouble(fields[1]);
            double end = Double.parseDouble(fields[2]);
            // Kaldi has -1 for the recording's end.
            Span span = new Span(start, end < 0 ? Double.POSITIVE_INFINITY : end, words, speaker, null);
            return lost(named(folder, fields[0]).cut(List.of(span)));
        } catch (ArrayIndexOutOfBoundsException | NumberFormatException e) {
            return named(folder, key)
                    .refused(RejectCode.BAD_ENTRY, "a segment of '" + segment + "', expected recording, start and end");
        }
    }

    /** Unless {@code wav.scp} has the recording. */
    private static SourceFile lost(SourceFile utterance) {
        return utterance.refused(
                RejectCode.BAD_ENTRY, "an utterance of a recording that " + RECORDINGS + " does not have");
    }

    private SourceFile named(String folder, String id) {
        return SourceFile.of(folder + "#" + id, SourceBytes.relative(place, folder) + "/" + id, Labels.of(place));
    }
}
