package io.glossa.jobs.train;

import io.glossa.error.GlossaException;
import io.glossa.trainer.data.Buckets;
import io.glossa.trainer.data.Census;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * The census of a training in its folder, {@value #NAME}: what the driver counts once, and all ranks plan by.
 *
 * @param of which data and buckets it is of, by name
 * @param symbols every character of the texts; empty where there are none
 */
record CensusFile(Map<String, String> of, String symbols, Census census) {
    static final String NAME = "census.bin";

    /** What a census of these data for these buckets is of. */
    static Map<String, String> identity(TrainData data, Buckets buckets) {
        Map<String, String> of = new TreeMap<>(data.choice());
        data.inputs().forEach((table, snapshot) -> of.put("snapshot of " + table, Long.toString(snapshot)));
        of.put("buckets", buckets.frames().toString());
        return of;
    }

    /** Writes the file whole or not at all. */
    void write(Path folder) {
        Path file = folder.resolve(NAME);
        try {
            Files.createDirectories(folder);
            Path part = folder.resolve(NAME + ".part");
            try (OutputStream bytes = Files.newOutputStream(part);
                    DataOutputStream out = new DataOutputStream(new GZIPOutputStream(bytes))) {
                out.writeInt(of.size());
                for (Map.Entry<String, String> each : of.entrySet()) {
                    out.writeUTF(each.getKey());
                    out.writeUTF(each.getValue());
                }
                byte[] characters = symbols.getBytes(StandardCharsets.UTF_8);
                out.writeInt(characters.length);
                out.write(characters);
                census.write(out);
            }
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw GlossaException.resource("Cannot write " + file + ": " + e + ", expected a writable folder")
                    .causedBy(e);
        }
    }

    /** The census of these data for these buckets that is in a folder; empty if there is none, or one of others. */
    static Optional<CensusFile> find(Path folder, TrainData data, Buckets buckets) {
        return Files.exists(folder.resolve(NAME))
                ? Optional.of(read(folder)).filter(found -> found.of().equals(identity(data, buckets)))
                : Optional.empty();
    }

    /**
     * The census in a folder.
     *
     * @throws GlossaException of type DATA if it cannot be read, or is of other data or buckets
     */
    static CensusFile read(Path folder, TrainData data, Buckets buckets) {
        CensusFile file = read(folder);
        identity(data, buckets).forEach((name, expected) -> {
            String found = file.of().getOrDefault(name, "none");
            if (!found.equals(expected)) {
                throw GlossaException.data(
                        "Cannot train by " + folder.resolve(NAME) + ": it is a census of " + name + " " + found
                                + ", expected " + expected + " (another training writes there: choose another folder)");
            }
        });
        return file;
    }

    private static CensusFile read(Path folder) {
        Path file = folder.resolve(NAME);
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(new GZIPInputStream(Files.newInputStream(file))))) {
            Map<String, String> of = new TreeMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                of.put(in.readUTF(), in.readUTF());
            }
            String symbols = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
            return new CensusFile(of, symbols, Census.read(in));
        } catch (IOException e) {
            throw GlossaException.data("Cannot read " + file + ": " + e + ", expected what the driver wrote there")
                    .causedBy(e);
        }
    }
}
