package io.glossa.storage.checkpoint;

import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import io.glossa.storage.checkpoint.Done.Scope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Checkpoints as directories {@code step-00000100} of {@code model.safetensors}, {@code optimizer.safetensors},
 * {@code checkpoint.json} and {@code DONE}, on any file system; where several ranks wrote, of each rank's files
 * {@code model-00001-of-00004.safetensors} and so on. A directory without DONE is no checkpoint, whatever else is in it, and no
 * file is used that is not the one DONE names.
 *
 * <p>One training at a time may write to a directory of checkpoints; any number may read.
 */
public final class Checkpoints {
    private static final Pattern STEP = Pattern.compile("step-(\\d{8,18})");

    /** Of models in several files, by the digests of these. */
    private static final Map<List<String>, String> JOINED = new ConcurrentHashMap<>();

    private Checkpoints() {}

    /**
     * Writes a checkpoint; one of the same step is taken away first.
     *
     * @return the checkpoint's directory
     */
    public static Folder write(Folder dir, Checkpoint checkpoint) {
        return write(dir, Share.whole(checkpoint));
    }

    /**
     * Writes what a rank has of a checkpoint, which is there once all ranks have.
     *
     * @return the checkpoint's directory
     */
    public static Folder write(Folder dir, Share share) {
        return CheckpointWriter.write(dir, share);
    }

    /** The directory of the highest step that is whole; empty if there is none, or no such directory. */
    public static Optional<Folder> latest(Folder dir) {
        return latest(dir, line -> {});
    }

    /**
     * The directory of the highest step that is whole: to go on training from.
     *
     * @param passedOver is told, in a line each, of later ones that have DONE but are damaged
     */
    public static Optional<Folder> latest(Folder dir, Consumer<String> passedOver) {
        return latest(dir, Scope.ALL, passedOver);
    }

    /**
     * The checkpoint that a path names: the directory itself where it is one, else the one in it of the highest step whose
     * model is whole. The optimizer's state is not looked at.
     *
     * @param passedOver is told, in a line each, of later ones whose model is damaged
     * @throws GlossaException of type DATA if the path itself is a damaged checkpoint
     */
    public static Optional<Folder> model(Folder path, Consumer<String> passedOver) {
        boolean itself = names(path).stream()
                .anyMatch(name -> Done.isName(name) || Part.WHOLE.files().contains(name));
        if (itself) {
            Done.read(path).require(Scope.MODEL);
            return Optional.of(path);
        }
        return latest(path, Scope.MODEL, passedOver);
    }

    /**
     * The directories of the highest steps whose models are whole, the highest first.
     *
     * @param count of them at most
     * @param passedOver is told, in a line each, of those whose model is damaged
     */
    public static List<Folder> models(Folder dir, int count, Consumer<String> passedOver) {
        return whole(dir, Scope.MODEL, passedOver).limit(count).toList();
    }

    private static Optional<Folder> latest(Folder dir, Scope scope, Consumer<String> passedOver) {
        return whole(dir, scope, passedOver).findFirst();
    }

    private static Stream<Folder> whole(Folder dir, Scope scope, Consumer<String> passedOver) {
        return finished(dir).stream().filter(step -> {
            Optional<GlossaException> damage = damage(step, scope);
            damage.ifPresent(
                    error -> passedOver.accept("Passed over checkpoint " + step.name() + ": " + error.getMessage()));
            return damage.isEmpty();
        });
    }

    private static Optional<GlossaException> damage(Folder step, Scope scope) {
        try {
            Done.read(step).require(scope);
            return Optional.empty();
        } catch (GlossaException e) {
            if (e.type() != ErrorType.DATA) {
                throw e;
            }
            return Optional.of(e);
        }
    }

    /** The directories that have DONE, whole or damaged, the highest step first. */
    public static List<Folder> finished(Folder dir) {
        return steps(dir).stream().filter(step -> Done.isIn(names(step))).toList();
    }

    /** The directories of steps, finished or not, the highest first. */
    static List<Folder> steps(Folder dir) {
        return names(dir).stream()
                .filter(name -> STEP.matcher(name).matches())
                .map(dir::resolve)
                .sorted(Comparator.comparingLong(Checkpoints::step).reversed())
                .toList();
    }

    /** The step that a directory's name says. */
    static long step(Folder dir) {
        Matcher matcher = STEP.matcher(dir.name());
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
    }

    private static List<String> names(Folder dir) {
        try {
            return dir.names();
        } catch (IOException e) {
            throw GlossaException.resource("Cannot list checkpoints in " + dir + ": " + e)
                    .causedBy(e);
        }
    }

    /**
     * Reads a checkpoint, by whatever number of ranks it was written; tensors in local files are memory-mapped, others are read
     * when their data are asked for.
     *
     * @throws GlossaException of type DATA if it has no DONE, a file of it is not the one DONE names, or a part of a tensor is
     *     missing
     */
    public static Checkpoint read(Folder step) {
        return read(step, Optional.empty());
    }

    /**
     * As above.
     *
     * @param base where the base of adapters is, or a folder of checkpoints whose last one it is; empty: where it was. The
     *     meta then has the checkpoint that was found
     * @throws GlossaException of type USER if it is not there, or one is named and the model is whole
     */
    public static Checkpoint read(Folder step, Optional<Folder> base) {
        return read(step, Scope.ALL, base);
    }

    /**
     * Reads a checkpoint without the optimizer's state: what recognises, or gives its encoder to another.
     *
     * @throws GlossaException of type DATA as for {@link #read}; whatever became of the optimizer's files is no error
     */
    public static Checkpoint readModel(Folder step) {
        return readModel(step, Optional.empty());
    }

    /** As above, and as {@link #read(Folder, Optional)}. */
    public static Checkpoint readModel(Folder step, Optional<Folder> base) {
        return read(step, Scope.MODEL, base);
    }

    static Checkpoint read(Folder step, Scope scope, Optional<Folder> base) {
        Done done = Done.read(step);
        done.require(scope);
        CheckpointMeta noted = parse(step);
        if (base.isPresent() && noted.base().isEmpty()) {
            throw GlossaException.user("Cannot use --base " + base.get() + ": " + step
                    + " is a whole model, expected one of adapters (leave --base out)");
        }
        CheckpointMeta meta = noted.with(noted.base().map(of -> of.found(step, base)));
        Map<String, Tensor> model =
                tensors(step, done.parts().stream().map(Part::model).toList());
        Map<String, Tensor> optimizer = scope == Scope.ALL
                ? tensors(step, done.parts().stream().map(Part::optimizer).toList())
                : Map.of();
        meta.base().ifPresent(of -> model.putAll(of.tensors()));
        return new Checkpoint(meta.step(), model, optimizer, meta);
    }

    private static Map<String, Tensor> tensors(Folder step, List<String> files) {
        Map<String, List<TensorRange>> ranges = new TreeMap<>();
        for (String file : files) {
            SafetensorsReader reader = SafetensorsReader.open(step, file);
            reader.tensors()
                    .keySet()
                    .forEach(name -> ranges.computeIfAbsent(name, n -> new ArrayList<>())
                            .add(TensorRange.of(reader, name, step.file(file))));
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        ranges.forEach((name, parts) -> tensors.put(name, TensorRange.join(name, parts, step)));
        return tensors;
    }

    /**
     * Reads {@code checkpoint.json} alone.
     *
     * @throws GlossaException of type DATA if there is no DONE, or it is not the file DONE names
     */
    public static CheckpointMeta meta(Folder step) {
        Done.read(step).require(Scope.META);
        return parse(step);
    }

    /**
     * The model's name everywhere: the SHA-256, hex, of {@code model.safetensors} as one rank writes it, which is a function of
     * the tensors' names, types, shapes and bytes. Of a model in several files it is that of the file they would make together.
     *
     * @throws GlossaException of type DATA if DONE says otherwise: a file was altered since
     */
    public static String digest(Folder step) {
        Done done = Done.read(step);
        if (done.parts().size() == 1) {
            return done.require(Part.WHOLE.model());
        }
        done.require(Scope.META); // what names the base
        List<String> models = done.parts().stream().map(Part::model).toList();
        List<String> digests = models.stream().map(done::require).toList();
        return JOINED.computeIfAbsent(digests, files -> digest(step, tensors(step, models)));
    }

    /** As above, but taken as DONE has it where one rank wrote: the model is not read. */
    public static String notedDigest(Folder step) {
        Done done = Done.read(step);
        return done.parts().size() == 1 ? done.noted(Part.WHOLE.model()) : digest(step);
    }

    private static String digest(Folder step, Map<String, Tensor> model) {
        try {
            return SafetensorsWriter.digest(model, CheckpointWriter.metadata(parse(step)));
        } catch (IOException e) {
            throw GlossaException.resource("Cannot read checkpoint " + step + ": " + e)
                    .causedBy(e);
        }
    }

    private static CheckpointMeta parse(Folder step) {
        String file = step.file(Part.META);
        try {
            return CheckpointJson.parse(new String(step.read(Part.META), StandardCharsets.UTF_8), file);
        } catch (IOException e) {
            throw GlossaException.resource("Cannot read " + file + ": " + e).causedBy(e);
        }
    }
}
