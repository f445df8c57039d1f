package io.glossa.storage.checkpoint;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import io.glossa.error.GlossaException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Checkpoints as directories {@code step-00000100} of {@code model.safetensors}, {@code optimizer.safetensors},
 * {@code checkpoint.json} and {@code DONE}. A directory without DONE is no checkpoint, whatever else is in it.
 *
 * <p>A checkpoint is written beside its final place, DONE last, every byte forced to the disk, and then renamed; so a crash
 * at any moment leaves the checkpoints that were there. Where one of the same step is, the new one first takes the name
 * {@code step-00000100.new}, which counts as a checkpoint and wins, until the old one is gone. One process at a time may write to a directory of checkpoints.
 */
public final class Checkpoints {
    private static final String MODEL = "model.safetensors";
    private static final String OPTIMIZER = "optimizer.safetensors";
    private static final String META = "checkpoint.json";
    private static final String DONE = "DONE";
    private static final Pattern STEP = Pattern.compile("step-(\\d{8,18})(\\.new)?");
    private static final String PARTIAL = ".partial-";
    private static final String NEW = ".new";

    private Checkpoints() {}

    /**
     * Writes a checkpoint; one of the same step is replaced.
     *
     * @return the checkpoint's directory
     */
    public static Path write(Path dir, Checkpoint checkpoint) {
        Path step = dir.resolve(String.format(Locale.ROOT, "step-%08d", checkpoint.step()));
        Path partial = dir.resolve(PARTIAL + step.getFileName());
        try {
            Files.createDirectories(dir);
            tidy(dir);
            Files.createDirectory(partial);
            Map<String, String> format = Map.of("format", "pt"); // the tensors' row-major order, for other readers
            SafetensorsWriter.write(partial.resolve(MODEL), checkpoint.model(), format);
            SafetensorsWriter.write(partial.resolve(OPTIMIZER), checkpoint.optimizer(), format);
            write(partial.resolve(META), CheckpointJson.print(checkpoint.meta()));
            force(partial);
            write(partial.resolve(DONE), checksums(partial));
            force(partial);
            if (Files.exists(step)) {
                replace(step, Files.move(partial, step.resolveSibling(step.getFileName() + NEW), ATOMIC_MOVE));
            } else {
                Files.move(partial, step, ATOMIC_MOVE);
            }
            force(dir);
            return step;
        } catch (IOException e) {
            throw GlossaException.resource("Cannot write checkpoint " + step + ": " + e)
                    .causedBy(e);
        }
    }

    /** The directory of the highest step that has DONE; empty if there is none, or no such directory. */
    public static Optional<Path> latest(Path dir) {
        if (!Files.isDirectory(dir)) {
            return Optional.empty();
        }
        try {
            return children(dir).stream()
                    .filter(child ->
                            STEP.matcher(child.getFileName().toString()).matches())
                    .filter(child -> Files.exists(child.resolve(DONE)))
                    .max(Comparator.comparingLong(Checkpoints::step).thenComparing(Comparator.naturalOrder()));
        } catch (IOException e) {
            throw GlossaException.resource("Cannot list checkpoints in " + dir + ": " + e)
                    .causedBy(e);
        }
    }

    /**
     * Reads a checkpoint; its tensors are memory-mapped.
     *
     * @throws GlossaException of type DATA if it has no DONE or a file of it is damaged
     */
    public static Checkpoint read(Path step) {
        requireDone(step);
        CheckpointMeta meta = meta(step);
        return new Checkpoint(
                meta.step(),
                SafetensorsReader.open(step.resolve(MODEL)).tensors(),
                SafetensorsReader.open(step.resolve(OPTIMIZER)).tensors(),
                meta);
    }

    /** Reads {@code checkpoint.json} alone. */
    public static CheckpointMeta meta(Path step) {
        requireDone(step);
        Path file = step.resolve(META);
        try {
            return CheckpointJson.parse(Files.readString(file), file);
        } catch (IOException e) {
            throw GlossaException.resource("Cannot read " + file + ": " + e).causedBy(e);
        }
    }

    /**
     * The SHA-256 of {@code model.safetensors}, hex: the model's name everywhere.
     *
     * @throws GlossaException of type DATA if DONE says otherwise: the file was altered since
     */
    public static String digest(Path step) {
        requireDone(step);
        try {
            String digest = sha256(step.resolve(MODEL));
            String written = Files.readString(step.resolve(DONE));
            if (!written.contains(digest + "  " + MODEL)) {
                throw GlossaException.data("Cannot name the model of " + step + ": the SHA-256 of " + MODEL + " is "
                        + digest + ", expected what DONE says (" + written.strip() + ")");
            }
            return digest;
        } catch (IOException e) {
            throw GlossaException.resource("Cannot read " + step.resolve(MODEL) + ": " + e)
                    .causedBy(e);
        }
    }

    private static void requireDone(Path step) {
        if (!Files.exists(step.resolve(DONE))) {
            throw GlossaException.data("Cannot read checkpoint " + step + ": no DONE in it, expected a finished one");
        }
    }

    private static long step(Path dir) {
        Matcher matcher = STEP.matcher(dir.getFileName().toString());
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
    }

    /** One line per file as {@code sha256sum} prints it, so that {@code sha256sum -c DONE} checks a checkpoint. */
    private static String checksums(Path dir) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (String file : List.of(META, MODEL, OPTIMIZER)) {
            lines.append(sha256(dir.resolve(file))).append("  ").append(file).append('\n');
        }
        return lines.toString();
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw GlossaException.internal("Cannot digest " + file + ": this Java has no SHA-256")
                    .causedBy(e);
        }
    }

    private static void write(Path file, String text) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    /** Forces a directory's entries to the disk. */
    private static void force(Path dir) throws IOException {
        try (FileChannel channel = FileChannel.open(dir, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Removes what a crash left half written, and finishes what it left half replaced. */
    private static void tidy(Path dir) throws IOException {
        for (Path child : children(dir)) {
            String name = child.getFileName().toString();
            if (name.startsWith(PARTIAL)) {
                remove(child);
            } else if (STEP.matcher(name).matches() && name.endsWith(NEW)) {
                replace(child.resolveSibling(name.substring(0, name.length() - NEW.length())), child);
            }
        }
    }

    /** Puts a finished checkpoint in the place of another; at every moment one of the two is there. */
    private static void replace(Path step, Path replacement) throws IOException {
        if (Files.exists(step)) {
            force(step.getParent());
            remove(Files.move(step, step.resolveSibling(PARTIAL + "old-" + step.getFileName()), ATOMIC_MOVE));
        }
        Files.move(replacement, step, ATOMIC_MOVE);
        force(step.getParent());
    }

    private static List<Path> children(Path dir) throws IOException {
        try (Stream<Path> children = Files.list(dir)) {
            return children.toList();
        }
    }

    private static void remove(Path dir) throws IOException {
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
