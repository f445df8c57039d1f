package io.glossa.jobs.corpus;

import io.glossa.featurize.decode.RawFormat;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * All that lies in a folder and below it, links followed: every entry is a recording, the text of one, or counted.
 *
 * <p>A recording is what has an ending that FFmpeg's audio and video formats have, whatever it is. Hidden files and folders
 * are none, such as the {@code ._x.wav} that macOS writes beside {@code x.wav}.
 */
final class FolderListing extends SimpleFileVisitor<Path> {
    private static final Set<String> ENDINGS = Set.of((
            // Audio
            "3ga aa3 aac ac3 ac4 adts aif aifc aiff alac amr ape apm aptx aptxhd ast au avr awb brstm c2 caf"
                    + " dff dfpwm dsf dts dtshd eac3 ec3 flac fsb g723_1 g726 g729 gsm iff 8svx ircam kvag latm loas"
                    + " m1a m2a m4a m4b m4r mka mlp mmf mp1 mp2 mp3 mpa mpc msf nist oga ogg oma omg opus paf pvf qcp"
                    + " ra rf64 rso sbc sds sf shn snd sox sph spx tak thd truehd tta vag voc vqf w64 wav wave wma"
                    + " wv wve xwma "
                    // Video, for its sound
                    + "3g2 3gp asf avi dv f4v flv m2ts m4v mkv mov mp4 mpeg mpg mts mxf nut ogm ogv rm rmvb tod ts vob"
                    + " webm wmv wtv")
            .split(" "));
    private static final String TEXT = "txt";
    private static final String HIDDEN = "hidden";

    private final Path folder;
    private final Map<Path, String> recordings = new TreeMap<>();
    private final Map<Path, Path> texts = new HashMap<>();
    private final Map<String, Long> passedOver = new TreeMap<>();

    private FolderListing(Path folder) {
        this.folder = folder;
    }

    static FolderListing of(Path folder) throws IOException {
        FolderListing listing = new FolderListing(folder);
        Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, listing);
        listing.countTextsWithoutRecording();
        return listing;
    }

    /** The recordings in the order of their paths, each with why it cannot be read; null if nothing speaks against it yet. */
    Map<Path, String> recordings() {
        return recordings;
    }

    /** The text of a recording's name, its ending in small or capital letters; null if there is none. */
    Path textOf(Path recording) {
        return texts.get(withoutEnding(recording));
    }

    /** How many entries are no recording, by ending or other reason. */
    Map<String, Long> passedOver() {
        return passedOver;
    }

    static String ending(Path path) {
        String name = path.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    }

    /** {@code x} of {@code x.wav}. */
    static Path withoutEnding(Path path) {
        String name = path.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return dot < 0 ? path : path.resolveSibling(name.substring(0, dot));
    }

    @Override
    public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
        if (!path.equals(folder) && isHidden(path)) {
            passOver(HIDDEN);
            return FileVisitResult.SKIP_SUBTREE;
        }
        addText(path);
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
        String ending = ending(path);
        if (isHidden(path)) {
            passOver(HIDDEN);
        } else if (ENDINGS.contains(ending)
                || RawFormat.ofName(path.getFileName().toString()).isPresent()) {
            recordings.put(path, attributes.isOther() ? "a pipe, a socket or a device, expected a file" : null);
        } else if (ending.equals(TEXT)) {
            addText(path);
        } else {
            passOver(ending.isEmpty() ? "without ending" : "." + ending);
        }
        return FileVisitResult.CONTINUE;
    }

    /** A folder that leads back to one above it was listed there; one that cannot be listed may hold anything. */
    @Override
    public FileVisitResult visitFileFailed(Path path, IOException failure) throws IOException {
        if (path.equals(folder)) {
            throw failure;
        }
        if (failure instanceof FileSystemLoopException) {
            passOver("link to a folder above it");
        } else {
            recordings.put(path, failure.toString());
        }
        return FileVisitResult.CONTINUE;
    }

    private void addText(Path path) {
        if (ending(path).equals(TEXT)) {
            texts.merge(
                    withoutEnding(path), path, (one, other) -> one.toString().endsWith("." + TEXT) ? one : other);
        }
    }

    private void countTextsWithoutRecording() {
        Set<Path> spoken = new HashSet<>();
        recordings.keySet().forEach(path -> spoken.add(withoutEnding(path)));
        texts.forEach((name, path) -> {
            if (!spoken.contains(name) && !Files.isDirectory(path)) {
                passOver("." + TEXT + " without a recording");
            }
        });
    }

    private void passOver(String reason) {
        passedOver.merge(reason, 1L, Long::sum);
    }

    private static boolean isHidden(Path path) {
        return path.getFileName().toString().startsWith(".");
    }
}
