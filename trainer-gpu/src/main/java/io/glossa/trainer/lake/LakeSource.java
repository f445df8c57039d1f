package io.glossa.trainer.lake;

import io.glossa.error.GlossaException;
import io.glossa.storage.Half;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import io.glossa.storage.SnapshotReader;
import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.data.Utterance;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.expressions.Expressions;

/**
 * The features of one front end in a snapshot, read once into a scratch file from which any utterance is read at once: what
 * is in memory is an id, a place and a length each. Utterances are in the order of their ids.
 */
public final class LakeSource implements BatchSource, AutoCloseable {
    private record Entry(Utterance utterance, String lang, long offset) {}

    private static final int HALF_BYTES = 2;

    private final long snapshot;
    private final Path file;
    private final FileChannel channel;
    private final int mels;
    private final List<Entry> entries;

    private LakeSource(long snapshot, Path file, FileChannel channel, int mels, List<Entry> entries) {
        this.snapshot = snapshot;
        this.file = file;
        this.channel = channel;
        this.mels = mels;
        this.entries = entries;
    }

    /**
     * Reads the utterances of these splits.
     *
     * @param frontEnd digest of the front end whose features are read
     * @param labels symbols of each utterance that has a transcript, by its id; the others get none
     * @param scratch folder for the scratch file, about 26 kB per second of audio
     * @throws GlossaException of type DATA for features that are not of their frames and bins, or of other bins than the rest
     */
    public static LakeSource read(
            Lake lake, long snapshot, String frontEnd, List<String> splits, Map<String, int[]> labels, Path scratch) {
        try {
            Files.createDirectories(scratch);
            Path file = Files.createTempFile(scratch, "features-", ".f16");
            // The name is gone as soon as the file is open, so that a killed process leaves nothing behind.
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
            List<Entry> entries = new ArrayList<>();
            int mels = 0;
            long offset = 0;
            SnapshotReader reader = SnapshotReader.of(lake, LakeTable.FEATURES, snapshot)
                    .select("utterance_id", "lang", "n_frames", "n_mels", "logmel")
                    .where(Expressions.equal("config_digest", frontEnd))
                    .where(Expressions.in("split", splits.toArray()));
            try (Stream<GenericRecord> rows = reader.rows()) {
                for (GenericRecord row : (Iterable<GenericRecord>) rows::iterator) {
                    String id = row.get("utterance_id").toString();
                    int[] symbols = labels.getOrDefault(id, new int[0]);
                    Utterance utterance = new Utterance(id, (int) row.get("n_frames"), symbols);
                    ByteBuffer logmel = (ByteBuffer) row.get("logmel");
                    mels = entries.isEmpty() ? (int) row.get("n_mels") : mels;
                    requireShape(utterance, (int) row.get("n_mels"), mels, logmel);
                    entries.add(new Entry(utterance, row.get("lang").toString(), offset));
                    offset += write(channel, logmel, offset);
                }
            }
            entries.sort(Comparator.comparing(entry -> entry.utterance().id()));
            return new LakeSource(snapshot, file, channel, mels, entries);
        } catch (IOException e) {
            throw unreadable(scratch, e);
        }
    }

    @Override
    public long snapshot() {
        return snapshot;
    }

    @Override
    public int size() {
        return entries.size();
    }

    @Override
    public Utterance utterance(int index) {
        return entries.get(index).utterance();
    }

    public String lang(int index) {
        return entries.get(index).lang();
    }

    @Override
    public float[] features(int index) {
        Entry entry = entries.get(index);
        ByteBuffer halves = ByteBuffer.allocate(entry.utterance().frames() * mels * HALF_BYTES);
        try {
            long at = entry.offset();
            while (halves.hasRemaining()) {
                int read = channel.read(halves, at);
                if (read < 0) {
                    throw new IOException("the file ends at byte " + at);
                }
                at += read;
            }
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        return Half.decode(halves.flip());
    }

    private static void requireShape(Utterance utterance, int found, int mels, ByteBuffer logmel) {
        if (found != mels || logmel.remaining() != (long) utterance.frames() * mels * HALF_BYTES) {
            throw GlossaException.data("Cannot read the features of utterance " + utterance.id() + ": found "
                    + logmel.remaining() + " bytes in " + utterance.frames() + " frames of " + found
                    + " mels, expected frames of " + mels + " mels, two bytes each (featurize again)");
        }
    }

    private static long write(FileChannel channel, ByteBuffer bytes, long offset) throws IOException {
        ByteBuffer rest = bytes.duplicate();
        long at = offset;
        while (rest.hasRemaining()) {
            at += channel.write(rest, at);
        }
        return at - offset;
    }

    private static GlossaException unreadable(Path path, IOException e) {
        return GlossaException.resource("Cannot keep features in " + path + ": " + e.getMessage()
                        + ", expected a writable folder with room for them (set java.io.tmpdir to another)")
                .causedBy(e);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }
}
