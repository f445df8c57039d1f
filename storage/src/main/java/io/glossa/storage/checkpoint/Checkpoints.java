package io.glossa.storage.checkpoint;

import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Checkpoints as directories {@code step-00000100} of {@code model.safetensors}, {@code optimizer.safetensors},
 * {@code checkpoint.json} and {@code DONE}. A directory without DONE is no checkpoint, whatever else is in it, and no file is
 * used that is not the one DONE names.
 *
 * <p>One process at a time may write to a directory of checkpoints; any number may read.
 */
public final class Checkpoints {
    static final String MODEL = "model.safetensors";
    static final String OPTIMIZER = "optimizer.safetensors";
    static final String META = "checkpoint.json";
    static final List<String> ALL = List.of(META, MODEL, OPTIMIZER);
    private static final List<String> FOR_MODEL = List.of(META, MODEL);
    static final Pattern STEP = Pattern.compile("step-(\\d{8,18})(\\.new)?");

    private Checkpoints() {}

    /**
     * Writes a checkpoint; one of the same step is replaced.
     *
     * @return the checkpoint's directory
     */
    public static Path write(Path dir, Checkpoint checkpoint) {
        return CheckpointWriter.write(dir, checkpoint);
    }

    /** The directory of the highest step that is whole; empty if there is none, or no such directory. */
    public static Optional<Path> latest(Path dir) {
        return latest(dir, line -> {});
    }

    /**
     * The directory of the highest step that is whole: to go on training from.
     *
     * @param passedOver is told, in a line each, of later ones that have DONE but are damaged
     */
    public static Optional<Path> latest(Path dir, Consumer<String> passedOver) {
        return latest(dir, ALL, passedOver);
    }

    /**
     * The checkpoint that a path names: the directory itself where it is one, else the one in it of the highest step whose
     * model is whole. The optimizer's state is not looked at.
     *
     * @param passedOver is told, in a line each, of later ones whose model is damaged
     * @throws GlossaException of type DATA if the path itself is a damaged checkpoint
     */
    public static Optional<Path> model(Path path, Consumer<String> passedOver) {
        boolean itself = Done.isIn(path) || ALL.stream().anyMatch(file -> Files.exists(path.resolve(file)));
        if (itself) {
            require(path, FOR_MODEL);
            return Optional.of(path);
        }
        return latest(path, FOR_MODEL, passedOver);
    }

    private static Optional<Path> latest(Path dir, List<String> files, Consumer<String> passedOver) {
        if (!Files.isDirectory(dir)) {
            return Optional.empty();
        }
        for (Path step : finished(dir)) {
            Optional<GlossaException> damage = damage(step, files);
            if (damage.isEmpty()) {
                return Optional.of(step);
            }
            passedOver.accept("Passed over checkpoint " + step.getFileName() + ": "
                    + damage.get().getMessage());
        }
        return Optional.empty();
    }

    /** The directories that have DONE, the highest step first. */
    private static List<Path> finished(Path dir) {
        try {
            return children(dir).stream()
                    .filter(child ->
                            STEP.matcher(child.getFileName().toString()).matches())
                    .filter(Done::isIn)
                    .sorted(Comparator.comparingLong(Checkpoints::step)
                            .thenComparing(Comparator.naturalOrder())
                            .reversed())
                    .toList();
        } catch (IOException e) {
            throw GlossaException.resource("Cannot list checkpoints in " + dir + ": " + e)
                    .causedBy(e);
        }
    }

    /**
     * Reads a checkpoint; its tensors are memory-mapped.
     *
     * @throws GlossaException of type DATA if it has no DONE, or a file of it is not the one DONE names
     */
    public static Checkpoint read(Path step) {
        return read(step, ALL);
    }

    /**
     * Reads a checkpoint without the optimizer's state: what recognises, or gives its encoder to another.
     *
     * @throws GlossaException of type DATA as for {@link #read}; whatever became of the optimizer's file is no error
     */
    public static Checkpoint readModel(Path step) {
        return read(step, FOR_MODEL);
    }

    private static Checkpoint read(Path step, List<String> files) {
        require(step, files);
        CheckpointMeta meta = parse(step);
        return new Checkpoint(meta.step(), tensors(step, MODEL, files), tensors(step, OPTIMIZER, files), meta);
    }

    private static Map<String, Tensor> tensors(Path step, String file, List<String> files) {
        return files.contains(file) ? SafetensorsReader.open(step.resolve(file)).tensors() : Map.of();
    }

    /**
     * Reads {@code checkpoint.json} alone.
     *
     * @throws GlossaException of type DATA if there is no DONE, or it is not the file DONE names
     */
    public static CheckpointMeta meta(Path step) {
        require(step, List.of(META));
        return parse(step);
    }

    /**
     * The SHA-256 of {@code model.safetensors}, hex: the model's name everywhere.
     *
     * @throws GlossaException of type DATA if DONE says otherwise: the file was altered since
     */
    public static String digest(Path step) {
        return Done.read(step, ALL).require(MODEL);
    }

    private static void require(Path step, List<String> files) {
        Done done = Done.read(step, ALL);
        files.forEach(done::require);
    }

    static Optional<GlossaException> damage(Path step, List<String> files) {
        try {
            require(step, files);
            return Optional.empty();
        } catch (GlossaException e) {
            if (e.type() != ErrorType.DATA) {
                throw e;
            }
            return Optional.of(e);
        }
    }

    private static CheckpointMeta parse(Path step) {
        Path file = step.resolve(META);
        try {
            return CheckpointJson.parse(Files.readString(file), file);
        } catch (IOException e) {
            throw GlossaException.resource("Cannot read " + file + ": " + e).causedBy(e);
        }
    }

    private static long step(Path dir) {
        Matcher matcher = STEP.matcher(dir.getFileName().toString());
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
    }

    static List<Path> children(Path dir) throws IOException {
        try (Stream<Path> children = Files.list(dir)) {
            return children.toList();
        }
    }
}
