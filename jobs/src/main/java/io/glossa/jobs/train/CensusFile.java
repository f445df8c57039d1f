package io.glossa.jobs.train;

import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import io.glossa.trainer.data.Buckets;
import io.glossa.trainer.data.Census;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.slf4j.LoggerFactory;

/**
 * The census of a training in its folder, {@value #NAME}: what the driver counts once, and all ranks plan by.
 *
 * @param of which data and buckets it is of, by name
 * @param symbols of the texts, as a checkpoint has them; empty where there are none
 */
record CensusFile(Map<String, String> of, Map<String, String> symbols, Census census) {
    static final String NAME = "census.bin";

    /** Before the name of a table in what a census is of. */
    static final String SNAPSHOT = "snapshot of ";

    /** What a census of these data for these buckets is of. */
    static Map<String, String> identity(TrainData data, Buckets buckets) {
        Map<String, String> of = new TreeMap<>(data.choice());
        of.keySet().removeIf(key -> !data.terms().chooses(key));
        data.inputs().forEach((table, snapshot) -> of.put(SNAPSHOT + table, Long.toString(snapshot)));
        of.put("buckets", buckets.frames().toString());
        return of;
    }

    /** Writes the file whole or not at all. */
    void write(Folder folder) {
        try {
            folder.write(NAME, bytes());
        } catch (IOException e) {
            throw GlossaException.resource(
                            "Cannot write " + folder.file(NAME) + ": " + e + ", expected a writable folder")
                    .causedBy(e);
        }
    }

    private byte[] bytes() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(new GZIPOutputStream(bytes))) {
            write(of, out);
            write(symbols, out);
            census.write(out);
        }
        return bytes.toByteArray();
    }

    /** The census of this identity that is in a folder; empty if none is, or one of another, or none to read. */
    static Optional<CensusFile> find(Folder folder, Map<String, String> identity) {
        if (!isIn(folder)) {
            return Optional.empty();
        }
        try {
            return Optional.of(read(folder)).filter(found -> found.of().equals(identity));
        } catch (GlossaException e) {
            LoggerFactory.getLogger(CensusFile.class).warn("{}; counting anew", e.getMessage());
            return Optional.empty();
        }
    }

    /** Whether a folder has one. */
    static boolean isIn(Folder folder) {
        try {
            return folder.version(NAME).isPresent();
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    /** Says of the census in a folder that it is of something else. */
    static void rename(Folder folder, UnaryOperator<Map<String, String>> of) {
        CensusFile file = read(folder);
        new CensusFile(of.apply(file.of()), file.symbols(), file.census()).write(folder);
    }

    /**
     * The census in a folder.
     *
     * @throws GlossaException of type DATA if it cannot be read, or is of other data or buckets
     */
    static CensusFile read(Folder folder, TrainData data, Buckets buckets) {
        return read(folder, identity(data, buckets));
    }

    /** As above, of what has this identity. */
    static CensusFile read(Folder folder, Map<String, String> identity) {
        CensusFile file = read(folder);
        identity.forEach((name, expected) -> {
            String found = file.of().getOrDefault(name, "none");
            if (!found.equals(expected)) {
                throw GlossaException.data("Cannot train by " + folder.file(NAME) + ": it is a census of " + name + " "
                        + found + ", expected " + expected + " (another training writes there: choose another folder)");
            }
        });
        return file;
    }

    private static CensusFile read(Folder folder) {
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(new GZIPInputStream(folder.open(NAME))))) {
            return new CensusFile(texts(in), texts(in), Census.read(in));
        } catch (IOException | RuntimeException e) {
            throw unreadable(folder, e);
        }
    }

    private static void write(Map<String, String> texts, DataOutputStream out) throws IOException {
        out.writeInt(texts.size());
        for (Map.Entry<String, String> each : texts.entrySet()) {
            out.writeUTF(each.getKey());
            byte[] value = each.getValue().getBytes(StandardCharsets.UTF_8);
            out.writeInt(value.length);
            out.write(value);
        }
    }

    private static Map<String, String> texts(DataInputStream in) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            texts.put(in.readUTF(), new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8));
        }
        return texts;
    }

    private static GlossaException unreadable(Folder folder, Exception e) {
        return GlossaException.data(
                        "Cannot read " + folder.file(NAME) + ": " + e + ", expected what the driver wrote there")
                .causedBy(e);
    }
}
