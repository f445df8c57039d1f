package io.glossa.featurize.source;

import io.glossa.featurize.RejectCode;
import io.glossa.featurize.source.SourceFile.Fault;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * A folder of this machine. Hadoop's own way to list one loses links that lead nowhere and names that are not UTF-8, and
 * follows links in circles.
 */
final class LocalFolder {
    private LocalFolder() {}

    static List<Entry> list(Path folder) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder)) {
            for (Path path : paths) {
                entries.add(entry(path));
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return entries;
    }

    private static Entry entry(Path path) throws IOException {
        String name = path.getFileName().toString();
        BasicFileAttributes found = attributes(path);
        String uri = path.toUri().toString();
        if (found.isDirectory()) {
            return new Entry(uri, name, isAbove(path) ? Entry.Kind.LOOP : Entry.Kind.FOLDER, null, null);
        }
        SourceBytes.Version version = found.isRegularFile()
                ? new SourceBytes.Version(found.size(), found.lastModifiedTime().toMillis())
                : null;
        return new Entry(uri, name, Entry.Kind.FILE, version, fault(path, found));
    }

    /** Of what a link leads to, or, where that is nowhere, of the link. */
    private static BasicFileAttributes attributes(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class);
        } catch (IOException e) {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        }
    }

    private static Fault fault(Path path, BasicFileAttributes found) {
        if (found.isOther()) {
            return new Fault(RejectCode.UNREADABLE, "a pipe, a socket or a device, expected a file");
        }
        // Bytes that are no UTF-8 become other bytes in a name that is made of the path's letters.
        return Path.of(path.toString()).equals(path)
                ? null
                : new Fault(RejectCode.NAME_ENCODING, "the name " + path + ": not UTF-8, expected a name that is");
    }

    /** Whether a folder is a link to one on the way to it. */
    private static boolean isAbove(Path folder) throws IOException {
        if (!Files.isSymbolicLink(folder)) {
            return false;
        }
        for (Path above = folder.getParent(); above != null; above = above.getParent()) {
            if (Files.isSameFile(above, folder)) {
                return true;
            }
        }
        return false;
    }
}
