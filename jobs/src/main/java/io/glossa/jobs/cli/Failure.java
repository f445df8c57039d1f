package io.glossa.jobs.cli;

import io.glossa.error.GlossaException;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystems;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a person can do about an exception: the one of ours in it, or one made of what a file system said. */
final class Failure {
    private static final int DEEPEST = 50;
    private static final Pattern PATH =
            Pattern.compile("(?:file:/*|(?<![\\w/]))(/[^\\s:'\"(),;]+)|\\b((?:hdfs|s3a?)://[^\\s'\"(),;]+)");

    private static final Kind FULL = new Kind(
            "No space left on device|Disk quota exceeded|There is not enough space",
            path -> GlossaException.resource("Cannot write " + path
                    + ": no space is left on its device, expected some (free some, or name a folder elsewhere)"));

    /** Less is as good as none, bytes. */
    private static final long NO_SPACE = 1 << 20;

    /** In this order: what cannot be written is often called "not found" as well. */
    private static final List<Kind> KINDS = List.of(
            FULL,
            new Kind(
                    "Read-only file system",
                    path -> GlossaException.resource("Cannot write " + path
                            + ": its file system is read-only, expected one that can be written")),
            new Kind(
                    "Permission denied|AccessDeniedException|AccessControlException",
                    path -> GlossaException.resource(
                            "Cannot use " + path + ": permission denied, expected to be allowed to read and write it")),
            new Kind(
                    "Mkdirs failed to create",
                    path -> GlossaException.resource("Cannot write " + path
                            + ": the folder cannot be made, expected to be allowed to (is it on a file system that"
                            + " can be written?)")),
            new Kind(
                    "FileNotFoundException|NoSuchFileException|NotFoundException|does not exist",
                    path -> GlossaException.data("Cannot read " + path
                            + ": it is gone, expected the file that a table or a checkpoint names (bring it back, or"
                            + " make what it belongs to again)")));

    private Failure() {}

    private record Kind(Pattern sign, Function<String, GlossaException> error) {
        Kind(String sign, Function<String, GlossaException> error) {
            this(Pattern.compile(sign), error);
        }
    }

    /** Of what was thrown and its causes: Spark wraps what its tasks throw, and keeps of some nothing but the text. */
    static Optional<GlossaException> of(Throwable thrown) {
        List<Throwable> chain = Stream.iterate(thrown, error -> error != null, Throwable::getCause)
                .limit(DEEPEST)
                .toList();
        Optional<GlossaException> ours = chain.stream()
                .filter(GlossaException.class::isInstance)
                .map(GlossaException.class::cast)
                .findFirst();
        return ours.or(() -> ofFiles(chain));
    }

    private static Optional<GlossaException> ofFiles(List<Throwable> chain) {
        List<String> texts = chain.stream().map(Throwable::toString).toList();
        for (Kind kind : KINDS) {
            Optional<String> text = texts.stream()
                    .filter(each -> kind.sign().matcher(each).find())
                    .findFirst();
            if (text.isPresent()) {
                return text.map(each -> Stream.concat(Stream.of(each), texts.stream())
                                .flatMap(some -> path(some).stream())
                                .findFirst()
                                .orElseGet(() -> kind == FULL ? "a file" + onFullDevice() : "a file"))
                        .map(kind.error());
            }
        }
        return Optional.empty();
    }

    /** Where no file is named: the devices that are full. */
    private static String onFullDevice() {
        List<String> full = new ArrayList<>();
        for (FileStore store : FileSystems.getDefault().getFileStores()) {
            try {
                if (!store.isReadOnly() && store.getTotalSpace() > 0 && store.getUsableSpace() < NO_SPACE) {
                    full.add(store.toString());
                }
            } catch (IOException e) {
                continue; // one that cannot be asked is not known to be full
            }
        }
        return full.isEmpty() ? "" : " on " + String.join(" or ", full);
    }

    private static Optional<String> path(String text) {
        Matcher found = PATH.matcher(text);
        return found.find() ? Optional.of(found.group(1) != null ? found.group(1) : found.group(2)) : Optional.empty();
    }
}
