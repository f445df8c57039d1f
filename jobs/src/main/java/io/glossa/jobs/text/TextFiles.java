package io.glossa.jobs.text;

import io.glossa.error.GlossaException;
import io.glossa.featurize.text.TextPart;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * Files of text on any file system that Hadoop knows.
 *
 * @param files by their URIs
 */
record TextFiles(List<FileStatus> files) {
    /**
     * The file at a place, or all in the folder there and below it but for hidden ones, whose names begin with a dot or an
     * underscore.
     *
     * @throws GlossaException of type USER if there is none
     */
    static TextFiles at(String location, Configuration configuration) {
        boolean isUri = location.matches("[a-z][a-z0-9+.-]+:.*");
        Path path = new Path(
                isUri ? URI.create(location) : java.nio.file.Path.of(location).toUri());
        List<FileStatus> files = new ArrayList<>();
        try {
            FileSystem system = path.getFileSystem(configuration);
            Path root = system.getFileStatus(path).getPath();
            RemoteIterator<LocatedFileStatus> all = system.listFiles(path, true);
            while (all.hasNext()) {
                FileStatus file = all.next();
                if (!isHidden(root, file.getPath())) {
                    files.add(file);
                }
            }
        } catch (FileNotFoundException e) {
            throw GlossaException.user("Cannot read texts in " + location + ": no such file or folder, expected one")
                    .causedBy(e);
        } catch (IOException e) {
            throw GlossaException.resource("Cannot list the texts in " + location + ": " + e)
                    .causedBy(e);
        }
        if (files.isEmpty()) {
            throw GlossaException.user("Cannot read texts in " + location + ": found no file, expected some");
        }
        files.sort(Comparator.comparing(file -> file.getPath().toString()));
        return new TextFiles(files);
    }

    private static boolean isHidden(Path root, Path file) {
        for (Path at = file; at != null && !at.equals(root); at = at.getParent()) {
            if (at.getName().startsWith(".") || at.getName().startsWith("_")) {
                return true;
            }
        }
        return false;
    }

    /** What tasks read. */
    List<TextPart> parts() {
        return files.stream()
                .flatMap(file -> TextPart.of(file.getPath().toUri().toString(), file.getLen()).stream())
                .toList();
    }
}
