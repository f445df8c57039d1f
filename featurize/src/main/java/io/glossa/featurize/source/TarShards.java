package io.glossa.featurize.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.glossa.featurize.Refusal;
import io.glossa.featurize.RejectCode;
import io.glossa.featurize.source.SourceFile.Extent;
import io.glossa.featurize.source.TarMembers.Member;
import io.glossa.text.TextEncoding;
import io.glossa.text.UndecodableText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FSDataInputStream;

/**
 * Tar files as WebDataset has them, in a folder and below it, or one alone: neighbours of one name up to its first dot are a
 * sample, an audio file with a {@code .txt} and a {@code .json} of what is known of it ({@link Meta}). Of a shard nothing is read
 * but headers and these; a recording is read by range.
 */
public final class TarShards implements Source {
    private static final FilesBelow SHARDS = new FilesBelow("tar");
    private static final long LONGEST_TEXT = 1 << 20;

    private final String place;
    private final String encoding;

    /** @param encoding of the texts that have no byte order mark */
    public TarShards(String place, TextEncoding encoding) {
        this.place = SourceBytes.uri(place);
        this.encoding = encoding.name();
    }

    @Override
    public Place root() {
        return new Place(place);
    }

    @Override
    public void list(Place at, SourceBytes files, Found found) throws IOException {
        if (!SHARDS.isOne(at, files, found)) {
            return;
        }
        try {
            shard(at.uri(), files.version(at.uri()), files, found);
        } catch (Refusal refusal) {
            found.recording(recording(at.uri(), "").refused(refusal.code(), refusal.getMessage()));
        }
    }

    private void shard(String uri, SourceBytes.Version shard, SourceBytes files, Found found) throws IOException {
        try (FSDataInputStream in = files.open(uri)) {
            TarMembers members = new TarMembers(in, shard.bytes());
            List<Member> sample = new ArrayList<>();
            try {
                for (Member member = members.next(); member != null; member = members.next()) {
                    if (!sample.isEmpty() && !key(sample.get(0)).equals(key(member))) {
                        sample(uri, shard, sample, in, found);
                        sample.clear();
                    }
                    sample.add(member);
                }
            } catch (IOException e) {
                found.recording(recording(uri, "").refused(RejectCode.CORRUPT, "the shard " + e.getMessage()));
            }
            if (!sample.isEmpty()) {
                sample(uri, shard, sample, in, found);
            }
        }
    }

    private void sample(String uri, SourceBytes.Version shard, List<Member> sample, FSDataInputStream in, Found found)
            throws IOException {
        SourceFile file = null;
        Member text = null;
        Member json = null;
        for (Member member : sample) {
            String ending = Entry.ending(member.name());
            if (ending.equals("txt")) {
                text = member;
            } else if (ending.equals("json")) {
                json = member;
            } else if (!AudioNames.contains(member.name())) {
                found.passedOver(ending.isEmpty() ? "without ending" : "." + ending);
            } else if (file != null) {
                found.recording(recording(uri, member.name())
                        .refused(RejectCode.BAD_ENTRY, "a second recording of one sample, after " + file.uri()));
            } else {
                file = recording(uri, member.name())
                        .at(new Extent(uri, member.offset(), member.length()))
                        .in(new SourceBytes.Version(member.length(), shard.modifiedMs()));
            }
        }
        if (file == null) {
            if (text != null || json != null) {
                found.recording(recording(uri, key(sample.get(0)))
                        .refused(RejectCode.BAD_ENTRY, "a sample without a recording"));
            }
            return;
        }
        if (file.extent().offset() + file.extent().length() > shard.bytes()) {
            found.recording(file.refused(RejectCode.TRUNCATED, "the shard ends within it"));
            return;
        }
        found.recording(said(file, text, json, in));
    }

    private SourceFile said(SourceFile file, Member text, Member json, FSDataInputStream in) throws IOException {
        try {
            SourceFile said = file;
            if (json != null) {
                JsonNode meta = Meta.object(read(json, in));
                said = said.labelled(Meta.labels(meta, file.labels())).said(Meta.text(meta, Meta.TEXT));
            }
            return text == null ? said : said.said(read(text, in));
        } catch (Refusal refusal) {
            return file.refused(refusal.code(), refusal.getMessage());
        }
    }

    private String read(Member member, FSDataInputStream in) throws IOException, Refusal {
        if (member.length() > LONGEST_TEXT) {
            throw new Refusal(
                    RejectCode.TEXT_UNREADABLE, member.name() + ": " + member.length() + " bytes, expected a text");
        }
        byte[] bytes = new byte[(int) member.length()];
        in.readFully(member.offset(), bytes);
        try {
            return TextEncoding.named(encoding).decode(bytes);
        } catch (UndecodableText e) {
            throw new Refusal(RejectCode.TEXT_ENCODING, "the transcript " + member.name() + ": " + e.getMessage());
        }
    }

    private SourceFile recording(String shard, String name) {
        return SourceFile.of(shard + "#" + name, Entry.stem(name), Labels.of(place));
    }

    /** {@code a/b} of {@code a/b.seg.flac}. */
    private static String key(Member member) {
        int slash = member.name().lastIndexOf('/');
        int dot = member.name().indexOf('.', slash + 1);
        return dot < 0 ? member.name() : member.name().substring(0, dot);
    }
}
