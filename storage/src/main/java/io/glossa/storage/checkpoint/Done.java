package io.glossa.storage.checkpoint;

import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * What {@code DONE} says of a checkpoint's files, or {@code DONE-00001-of-00004} and on, one of each rank that wrote: a line
 * for each file, as {@code sha256sum} prints it; where there are several, behind one that names their attempt.
 */
final class Done {
    /** What is to be read of a checkpoint. */
    enum Scope {
        META,
        MODEL,
        ALL
    }

    private static final Pattern NAME = Pattern.compile("DONE(-\\d{5}-of-(\\d{5}))?");
    private static final Pattern LINE = Pattern.compile("([0-9a-f]{64})  (\\S+)");
    private static final String ATTEMPT = "# attempt ";

    /** Of a longer DONE no more is read: the rest of it is none. */
    private static final int MOST_BYTES = 4096;

    private final Folder step;
    private final List<Part> parts;
    private final Map<String, String> digests = new TreeMap<>();

    private Done(Folder step, int count) {
        this.step = step;
        parts = IntStream.range(0, count).mapToObj(index -> part(index, count)).toList();
        for (Part part : parts) {
            if (!part.attempt().equals(parts.get(0).attempt())) {
                throw GlossaException.data("Cannot read checkpoint " + step + ": " + part.done() + " is of attempt "
                        + part.attempt() + ", expected " + parts.get(0).attempt()
                        + " (a part of its sharded state is missing)");
            }
        }
    }

    /** True for a directory whose files have it for each rank, whatever is in it. */
    static boolean isIn(List<String> names) {
        return !counts(names).isEmpty();
    }

    static boolean isName(String file) {
        return NAME.matcher(file).matches();
    }

    /** The text of a part's file, from the digests of the others by their names. */
    static String text(Part part, Map<String, String> digests) {
        StringBuilder lines = new StringBuilder();
        if (part.count() > 1) {
            lines.append(ATTEMPT).append(part.attempt()).append('\n');
        }
        part.files()
                .forEach(file -> lines.append(digests.get(file))
                        .append("  ")
                        .append(file)
                        .append('\n'));
        return lines.toString();
    }

    /**
     * Reads what there is.
     *
     * @throws GlossaException of type DATA if there is none, or one rank's is missing or another attempt's, or there are other
     *     lines than one for each file
     */
    static Done read(Folder step) {
        try {
            List<String> names = step.names();
            List<Integer> counts = counts(names);
            if (counts.isEmpty()) {
                throw missing(step, names);
            }
            // Where an attempt outlived another, the one that wrote checkpoint.json last is the checkpoint's.
            for (int count : counts.subList(0, counts.size() - 1)) {
                Optional<Done> done = whole(step, count);
                if (done.isPresent()) {
                    return done.get();
                }
            }
            return new Done(step, counts.get(counts.size() - 1));
        } catch (IOException e) {
            throw GlossaException.resource("Cannot read checkpoint " + step + ": " + e)
                    .causedBy(e);
        }
    }

    private static Optional<Done> whole(Folder step, int count) {
        try {
            Done done = new Done(step, count);
            done.require(Part.META);
            return Optional.of(done);
        } catch (GlossaException e) {
            if (e.type() != ErrorType.DATA) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /** Digests what is to be read, unless this process has, and holds it to the digests that DONE has. */
    void require(Scope scope) {
        files(scope).forEach(this::require);
    }

    /**
     * Digests a file, unless this process has.
     *
     * @return its SHA-256, hex, which is the one that DONE has
     * @throws GlossaException of type DATA if it is another, or there is no such file
     */
    String require(String name) {
        String file = step.file(name);
        String expected = ", expected the one of " + digests.get(name).substring(0, 12) + "… that DONE"
                + " names (it was damaged or altered since; copy it again, or go back to an earlier checkpoint)";
        try {
            if (step.version(name).isEmpty()) {
                throw GlossaException.data("Cannot read " + file + ": no such file" + expected);
            }
            String found = FileDigests.remembered(step, name);
            if (!found.equals(digests.get(name))) {
                throw GlossaException.data("Cannot read " + file + ": its SHA-256 is " + found + expected);
            }
            return found;
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** The digest that a file is to have. */
    String noted(String name) {
        return digests.get(name);
    }

    /** One that is gone meanwhile, as retention takes them, is as if it had not been there. */
    private static GlossaException unreadable(String file, IOException e) {
        boolean gone = e instanceof FileNotFoundException || e instanceof NoSuchFileException;
        String message = "Cannot read " + file + ": " + e;
        return (gone ? GlossaException.data(message + ", expected it to stay") : GlossaException.resource(message))
                .causedBy(e);
    }

    List<Part> parts() {
        return parts;
    }

    private List<String> files(Scope scope) {
        List<String> files = new ArrayList<>(List.of(Part.META));
        if (scope != Scope.META) {
            files.addAll(parts.get(0).once().subList(1, parts.get(0).once().size()));
            parts.forEach(part -> files.add(part.model()));
        }
        if (scope == Scope.ALL) {
            parts.forEach(part -> files.add(part.optimizer()));
        }
        return files;
    }

    /** Reads a part's file: its digests are kept, its attempt is in what is returned. */
    private Part part(int index, int count) {
        Part named = new Part(index, count, Part.WHOLE.attempt());
        String file = step.file(named.done());
        List<String> expected = named.files();
        List<String> lines = lines(named.done());
        String attempt = named.attempt();
        if (count > 1) {
            attempt = lines.isEmpty() ? "" : lines.get(0).replaceFirst("^" + ATTEMPT, "");
            if (!attempt.matches("\\S+")) {
                throw refusal(file, "it names no attempt", expected);
            }
            lines = lines.subList(1, lines.size());
        }
        for (String line : lines) {
            Matcher words = LINE.matcher(line);
            if (!words.matches() || !expected.contains(words.group(2)) || digests.containsKey(words.group(2))) {
                throw refusal(file, "it has the line '" + line + "'", expected);
            }
            digests.put(words.group(2), words.group(1));
        }
        for (String name : expected) {
            if (!digests.containsKey(name)) {
                throw refusal(file, "it has no line of " + name, expected);
            }
        }
        return new Part(index, count, attempt);
    }

    /** Bytes that are no ASCII become characters that no line may have. */
    private List<String> lines(String name) {
        try (InputStream in = step.open(name)) {
            return new String(in.readNBytes(MOST_BYTES), StandardCharsets.US_ASCII)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw unreadable(step.file(name), e);
        }
    }

    /** For how many ranks there is a file of each. */
    private static List<Integer> counts(List<String> names) {
        return named(names).stream()
                .filter(count -> lacking(count, names).isEmpty())
                .toList();
    }

    /** Of how many ranks there is a file. */
    private static TreeSet<Integer> named(List<String> names) {
        TreeSet<Integer> counts = new TreeSet<>();
        for (String name : names) {
            Matcher matcher = NAME.matcher(name);
            if (matcher.matches()) {
                counts.add(matcher.group(2) == null ? 1 : Integer.parseInt(matcher.group(2)));
            }
        }
        return counts;
    }

    private static List<String> lacking(int count, List<String> names) {
        return IntStream.range(0, count)
                .mapToObj(index -> new Part(index, count, Part.WHOLE.attempt()).done())
                .filter(done -> !names.contains(done))
                .toList();
    }

    private static GlossaException missing(Folder step, List<String> names) {
        TreeSet<Integer> counts = named(names);
        String cannot = "Cannot read checkpoint " + step + ": no ";
        return GlossaException.data(
                counts.isEmpty()
                        ? cannot + "DONE in it, expected a finished one"
                        : cannot + lacking(counts.last(), names).get(0) + " in it, expected one of each of "
                                + counts.last() + " ranks (a part of its sharded state is missing)");
    }

    private static GlossaException refusal(String done, String found, List<String> files) {
        return GlossaException.data("Cannot read " + done + ": " + found + ", expected a line of sha256sum for each of "
                + String.join(", ", files) + ", and no other");
    }
}
