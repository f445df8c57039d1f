package io.glossa.featurize.source;

import io.glossa.featurize.Refusal;
import io.glossa.featurize.RejectCode;
import java.io.EOFException;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.security.AccessControlException;
import org.apache.parquet.hadoop.util.HadoopStreams;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/** Reads files and folders of any file system that Hadoop knows; one thread at a time. */
public final class SourceBytes {
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:/");
    private static final int ATTEMPTS = 3;
    private static final long MOST = Integer.MAX_VALUE - 1024L;

    private final Configuration configuration;
    private final ParquetAudio tables = new ParquetAudio();

    /**
     * What tells two versions of a file apart without reading it.
     *
     * @param bytes its length
     * @param modifiedMs when it was last changed, ms since 1970
     */
    public record Version(long bytes, long modifiedMs) implements Serializable {}

    public SourceBytes(Configuration configuration) {
        this.configuration = configuration;
    }

    /**
     * How long a file is and when it was last changed. What is missing or forbidden is refused at once, what fails otherwise
     * after three attempts.
     */
    public Version version(String uri) throws Refusal {
        return attempts(() -> {
            FileStatus status = status(path(uri));
            return new Version(status.getLen(), status.getModificationTime());
        });
    }

    /** The bytes of a file, refused as {@link #version} is. */
    public byte[] read(String uri) throws Refusal {
        return attempts(() -> {
            Path path = path(uri);
            long length = status(path).getLen();
            if (length > MOST) {
                throw new Refusal(RejectCode.TOO_LONG, length + " bytes");
            }
            byte[] bytes = new byte[(int) length];
            try (FSDataInputStream in = fileSystem(path).open(path)) {
                in.readFully(0, bytes);
            }
            return bytes;
        });
    }

    /** The bytes of a recording, refused as {@link #version} is. */
    public byte[] read(SourceFile file) throws Refusal {
        if (file.isWhole()) {
            return read(file.file());
        }
        return file.extent().length() == SourceFile.Extent.ROW
                ? attempts(() -> tables.read(this, file.extent()))
                : read(file.extent());
    }

    /** Some bytes of a file, refused as {@link #version} is, and where the file ends before them. */
    private byte[] read(SourceFile.Extent extent) throws Refusal {
        return attempts(() -> {
            if (extent.length() > MOST) {
                throw new Refusal(RejectCode.TOO_LONG, extent.length() + " bytes");
            }
            byte[] bytes = new byte[(int) extent.length()];
            try (FSDataInputStream in = open(extent.file())) {
                in.readFully(extent.offset(), bytes);
            }
            return bytes;
        });
    }

    /** A file from its beginning; who reads it closes it. */
    FSDataInputStream open(String uri) throws IOException {
        Path path = path(uri);
        return fileSystem(path).open(path);
    }

    /** A file as Parquet reads it. */
    InputFile input(String uri) throws Refusal {
        long length = version(uri).bytes();
        return new InputFile() {
            @Override
            public long getLength() {
                return length;
            }

            @Override
            public SeekableInputStream newStream() throws IOException {
                return HadoopStreams.wrap(open(uri));
            }

            @Override
            public String toString() {
                return uri;
            }
        };
    }

    /** What lies in a folder. */
    List<Entry> list(String uri) throws IOException {
        Path folder = path(uri);
        FileSystem files = fileSystem(folder);
        if (files instanceof RawLocalFileSystem) {
            return LocalFolder.list(java.nio.file.Path.of(URI.create(local(uri))));
        }
        List<Entry> entries = new ArrayList<>();
        RemoteIterator<FileStatus> found = files.listStatusIterator(folder);
        while (found.hasNext()) {
            FileStatus status = found.next();
            Path path = status.getPath();
            entries.add(new Entry(
                    path.toUri().toString(),
                    path.getName(),
                    status.isDirectory() ? Entry.Kind.FOLDER : Entry.Kind.FILE,
                    new Version(status.getLen(), status.getModificationTime()),
                    null));
        }
        return entries;
    }

    /** Whether there is a file or a folder. */
    boolean exists(String uri) throws IOException {
        Path path = path(uri);
        return fileSystem(path).exists(path);
    }

    /** Whether there is a folder. */
    boolean isFolder(String uri) throws IOException {
        Path path = path(uri);
        return fileSystem(path).getFileStatus(path).isDirectory();
    }

    /** The URI of a URI or of a local path, absolute. */
    static String uri(String location) {
        return SCHEME.matcher(location).lookingAt()
                ? path(location).toUri().toString()
                : java.nio.file.Path.of(location).toUri().toString();
    }

    /** The URI of a path as a file in a folder names it: a URI, an absolute path, or one from that folder. */
    static String resolve(String folder, String path) {
        if (SCHEME.matcher(path).lookingAt()) {
            return path.replace("#", "%23").replace("?", "%3F");
        }
        URI base = path(folder).toUri();
        String whole = path.startsWith("/") ? path : base.getPath().replaceAll("/+$", "") + "/" + path;
        try {
            URI uri = new URI(base.getScheme(), base.getAuthority(), whole, null, null).normalize();
            return "file".equals(uri.getScheme())
                    ? java.nio.file.Path.of(uri).toUri().toString()
                    : uri.toString();
        } catch (URISyntaxException | IllegalArgumentException e) {
            return path;
        }
    }

    /** The name of a file or folder below a folder as it is, with {@code /} between its parts. */
    static String relative(String folder, String uri) {
        String base = path(folder).toUri().getPath();
        String whole = path(uri).toUri().getPath();
        return whole.startsWith(base) ? whole.substring(base.length()).replaceAll("^/+|/+$", "") : whole;
    }

    /** The folder that a file lies in. */
    static String parent(String uri) {
        String bare = uri.replaceAll("/+$", "");
        return bare.substring(0, bare.lastIndexOf('/') + 1);
    }

    /** A URI as a person writes it: a local file as its path. */
    static String plain(String uri) {
        URI named = path(uri).toUri();
        return "file".equals(named.getScheme())
                ? Path.getPathWithoutSchemeAndAuthority(path(uri)).toString()
                : uri;
    }

    private static String local(String uri) {
        return path(uri).toUri().toString().replaceFirst("^file:/+", "file:///");
    }

    Configuration configuration() {
        return configuration;
    }

    private interface Attempt<T> {
        T make() throws IOException, Refusal;
    }

    private static <T> T attempts(Attempt<T> attempt) throws Refusal {
        IOException last = null;
        for (int i = 0; i < ATTEMPTS; i++) {
            try {
                return attempt.make();
            } catch (FileNotFoundException
                    | NoSuchFileException
                    | AccessDeniedException
                    | AccessControlException
                    | EOFException
                    | IllegalArgumentException e) {
                throw new Refusal(RejectCode.UNREADABLE, e.toString());
            } catch (IOException e) {
                last = e;
            }
        }
        throw new Refusal(RejectCode.UNREADABLE, ATTEMPTS + " attempts: " + last);
    }

    /** Of a URI, encoded as URIs are or not at all, or of a local path. */
    private static Path path(String uri) {
        if (!SCHEME.matcher(uri).lookingAt()) {
            return new Path(new File(uri).toURI());
        }
        try {
            return new Path(new URI(uri));
        } catch (URISyntaxException e) {
            return new Path(uri);
        }
    }

    /** Local files without Hadoop's checksums, which they do not have and whose names cannot be formed of all names. */
    private FileSystem fileSystem(Path path) throws IOException {
        FileSystem files = path.getFileSystem(configuration);
        return files instanceof LocalFileSystem local ? local.getRaw() : files;
    }

    private FileStatus status(Path path) throws IOException, Refusal {
        FileStatus status = fileSystem(path).getFileStatus(path);
        if (!status.isFile()) {
            throw new Refusal(RejectCode.UNREADABLE, "not a file");
        }
        return status;
    }
}
