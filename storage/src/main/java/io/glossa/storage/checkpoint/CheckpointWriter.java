package io.glossa.storage.checkpoint;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import io.glossa.error.GlossaException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Writes checkpoints so that a crash at any moment leaves those that were there. A checkpoint is written beside its final
 * place, DONE last, every byte forced to the disk, and then renamed. Where one of the same step is, the new one first takes
 * the name {@code step-00000100.new}, which counts as a checkpoint and wins, until the old one is gone.
 */
final class CheckpointWriter {
    private static final String PARTIAL = ".partial-";
    private static final String NEW = ".new";

    private CheckpointWriter() {}

    static Path write(Path dir, Checkpoint checkpoint) {
        Path step = dir.resolve(String.format(Locale.ROOT, "step-%08d", checkpoint.step()));
        Path partial = dir.resolve(PARTIAL + step.getFileName());
        try {
            Files.createDirectories(dir);
            tidy(dir);
            Files.createDirectory(partial);
            Map<String, String> format = Map.of("format", "pt"); // the tensors' row-major order, for other readers
            SafetensorsWriter.write(partial.resolve(Checkpoints.MODEL), checkpoint.model(), format);
            SafetensorsWriter.write(partial.resolve(Checkpoints.OPTIMIZER), checkpoint.optimizer(), format);
            write(partial.resolve(Checkpoints.META), CheckpointJson.print(checkpoint.meta()));
            force(partial);
            write(partial.resolve(Done.NAME), Done.text(partial, Checkpoints.ALL));
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

    /** Removes what a crash left half written, and finishes what it left half replaced, unless that was damaged since. */
    private static void tidy(Path dir) throws IOException {
        for (Path child : Checkpoints.children(dir)) {
            String name = child.getFileName().toString();
            boolean replacement = Checkpoints.STEP.matcher(name).matches() && name.endsWith(NEW);
            if (name.startsWith(PARTIAL)
                    || replacement && Checkpoints.damage(child, Checkpoints.ALL).isPresent()) {
                remove(child);
            } else if (replacement) {
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

    private static void remove(Path dir) throws IOException {
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
