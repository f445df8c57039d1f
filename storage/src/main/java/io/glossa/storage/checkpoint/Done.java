package io.glossa.storage.checkpoint;

import io.glossa.error.GlossaException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code DONE} says of a checkpoint's files: a line each, as {@code sha256sum} prints it. */
final class Done {
    static final String NAME = "DONE";

    private static final Pattern LINE = Pattern.compile("([0-9a-f]{64})  (\\S+)");

    /** Of a longer DONE no more is read: the rest of it is none. */
    private static final int MOST_BYTES = 4096;

    private final Path step;
    private final Map<String, String> digests;

    private Done(Path step, Map<String, String> digests) {
        this.step = step;
        this.digests = digests;
    }

    /** True for a directory with a file of this name, whatever is in it. */
    static boolean isIn(Path step) {
        return Files.isRegularFile(step.resolve(NAME));
    }

    /** The text of DONE for these files as they are. */
    static String text(Path step, List<String> files) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (String file : files) {
            lines.append(FileDigests.sha256(step.resolve(file)))
                    .append("  ")
                    .append(file)
                    .append('\n');
        }
        return lines.toString();
    }

    /**
     * Reads DONE.
     *
     * @throws GlossaException of type DATA if there is none, or it has other lines than one for each of these files
     */
    static Done read(Path step, List<String> files) {
        if (!isIn(step)) {
            throw GlossaException.data(
                    "Cannot read checkpoint " + step + ": no " + NAME + " in it, expected a finished one");
        }
        Map<String, String> digests = new TreeMap<>();
        for (String line : lines(step.resolve(NAME))) {
            Matcher parts = LINE.matcher(line);
            if (!parts.matches() || !files.contains(parts.group(2)) || digests.containsKey(parts.group(2))) {
                throw refusal(step.resolve(NAME), "it has the line '" + line + "'", files);
            }
            digests.put(parts.group(2), parts.group(1));
        }
        for (String file : files) {
            if (!digests.containsKey(file)) {
                throw refusal(step.resolve(NAME), "it has no line of " + file, files);
            }
        }
        return new Done(step, digests);
    }

    /**
     * Digests a file, unless this process has.
     *
     * @return its SHA-256, hex, which is the one that DONE has
     * @throws GlossaException of type DATA if it is another, or there is no such file
     */
    String require(String name) {
        Path file = step.resolve(name);
        String expected = ", expected the one of " + digests.get(name).substring(0, 12) + "… that " + NAME
                + " names (it was damaged or altered since; copy it again, or go back to an earlier checkpoint)";
        if (!Files.isRegularFile(file)) {
            throw GlossaException.data("Cannot read " + file + ": no such file" + expected);
        }
        try {
            String found = FileDigests.remembered(file);
            if (!found.equals(digests.get(name))) {
                throw GlossaException.data("Cannot read " + file + ": its SHA-256 is " + found + expected);
            }
            return found;
        } catch (IOException e) {
            throw GlossaException.resource("Cannot read " + file + ": " + e).causedBy(e);
        }
    }

    /** Bytes that are no ASCII become characters that no line may have. */
    private static List<String> lines(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MOST_BYTES), StandardCharsets.US_ASCII)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw GlossaException.resource("Cannot read " + file + ": " + e).causedBy(e);
        }
    }

    private static GlossaException refusal(Path done, String found, List<String> files) {
        return GlossaException.data("Cannot read " + done + ": " + found + ", expected a line of sha256sum for each of "
                + String.join(", ", files) + ", and no other");
    }
}
