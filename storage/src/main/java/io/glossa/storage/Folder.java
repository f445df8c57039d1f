package io.glossa.storage;

import io.glossa.error.GlossaException;
import java.io.FileNotFoundException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.StreamCapabilities;

/**
 * A folder on any file system that Hadoop knows, there or not, and the files in it by their names. Settings of file systems
 * are those of {@link HadoopFiles}.
 *
 * @param location an absolute local path, or a URI of another file system
 */
public record Folder(String location) implements Serializable {
    private static final String URI = "[A-Za-z][A-Za-z0-9+.-]+:.*";

    /** What a file was at a time; equal for as long as it was not written. */
    public record Version(long bytes, long changedMillis, Object identity) {}

    /**
     * Of a local path, relative ones too, or a URI.
     *
     * @throws GlossaException of type USER if it is neither
     */
    public Folder {
        try {
            boolean local = !location.matches(URI) || location.startsWith("file:");
            location = local ? local(location).toString() : new org.apache.hadoop.fs.Path(location).toString();
        } catch (IllegalArgumentException e) {
            throw GlossaException.user("Cannot use '" + location + "' as a folder: " + e.getMessage()
                            + ", expected a path, or a URI such as hdfs: or s3a:")
                    .causedBy(e);
        }
    }

    public static Folder of(Path local) {
        return new Folder(local.toString());
    }

    private static Path local(String location) {
        boolean isUri = location.startsWith("file:");
        Path path =
                Path.of(isUri ? new org.apache.hadoop.fs.Path(location).toUri().getPath() : location);
        return path.toAbsolutePath().normalize();
    }

    /** A folder in this one. */
    public Folder resolve(String name) {
        return new Folder(location + "/" + name);
    }

    /** The folder that it is in. */
    public Folder parent() {
        return new Folder(location.substring(0, location.lastIndexOf('/')));
    }

    /** The last part of its location. */
    public String name() {
        return location.substring(location.lastIndexOf('/') + 1);
    }

    /** By which others find it, whatever file system is their usual one. */
    public String uri() {
        return local().map(path -> path.toUri().toString()).orElse(location);
    }

    /** Its path on this machine; empty on another file system. */
    public Optional<Path> local() {
        return location.matches(URI) ? Optional.empty() : Optional.of(Path.of(location));
    }

    /** Where a file of this name is. */
    public String file(String name) {
        return location + "/" + name;
    }

    /** Names of what is in it; none where there is no such folder. */
    public List<String> names() throws IOException {
        try {
            return Arrays.stream(files().listStatus(path()))
                    .filter(status -> !status.getPath().equals(path())) // a file in the folder's place lists itself
                    .map(status -> status.getPath().getName())
                    .toList();
        } catch (FileNotFoundException e) {
            return List.of();
        }
    }

    /** What the file of a name is now; empty if there is none, or a folder. */
    public Optional<Version> version(String name) throws IOException {
        try {
            return local().isPresent() ? localVersion(local().get().resolve(name)) : remoteVersion(path(name));
        } catch (FileNotFoundException | NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static Optional<Version> localVersion(Path file) throws IOException {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        List<Object> identity = Arrays.asList(now.fileKey(), now.lastModifiedTime());
        return now.isDirectory()
                ? Optional.empty()
                : Optional.of(new Version(now.size(), now.lastModifiedTime().toMillis(), identity));
    }

    private Optional<Version> remoteVersion(org.apache.hadoop.fs.Path file) throws IOException {
        FileStatus now = files().getFileStatus(file);
        String tag = now instanceof EtagSource source ? source.getEtag() : null;
        return now.isDirectory()
                ? Optional.empty()
                : Optional.of(new Version(now.getLen(), now.getModificationTime(), tag == null ? "" : tag));
    }

    /** The bytes of a file, from its first. The caller closes it. */
    public InputStream open(String name) throws IOException {
        return files().open(path(name));
    }

    /** All bytes of a small file. */
    public byte[] read(String name) throws IOException {
        try (InputStream in = open(name)) {
            return in.readAllBytes();
        }
    }

    /** Some bytes of a file: of a local one mapped into memory, where they stay what they are if another file replaces it. */
    public ByteBuffer range(String name, long from, int bytes) throws IOException {
        if (local().isPresent()) {
            try (FileChannel channel = FileChannel.open(local().get().resolve(name), StandardOpenOption.READ)) {
                return channel.map(FileChannel.MapMode.READ_ONLY, from, bytes);
            }
        }
        byte[] read = new byte[bytes];
        try (FSDataInputStream in = files().open(path(name))) {
            in.readFully(from, read);
        }
        return ByteBuffer.wrap(read);
    }

    /**
     * A new file, or another in the place of one. It is complete once it is closed without an error: a local one is on the
     * disk by then, its name too.
     */
    public OutputStream create(String name) throws IOException {
        files().mkdirs(path());
        if (local().isPresent()) {
            files().delete(path(name), false); // who has mapped the old one keeps its bytes
        }
        FSDataOutputStream file = files().create(path(name), true);
        return new FilterOutputStream(file) {
            @Override
            public void write(byte[] bytes, int from, int count) throws IOException {
                try {
                    file.write(bytes, from, count);
                } catch (FSError e) {
                    throw exception(e);
                }
            }

            @Override
            public void close() throws IOException {
                try (file) {
                    if (file.hasCapability(StreamCapabilities.HSYNC)) {
                        file.hsync();
                    }
                } catch (FSError e) {
                    throw exception(e);
                }
                force(local());
                force(local().map(Path::getParent));
            }
        };
    }

    /** Of a local disk that is full, which Hadoop says by an error that nobody expects. */
    private static IOException exception(FSError error) {
        return error.getCause() instanceof IOException cause ? cause : new IOException(error);
    }

    /** Makes a directory's entries last. */
    private static void force(Optional<Path> dir) throws IOException {
        if (dir.isPresent()) {
            try (FileChannel channel = FileChannel.open(dir.get(), StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** A small file, or another in the place of one: who reads meanwhile finds the one or the other whole. */
    public void write(String name, byte[] bytes) throws IOException {
        boolean seenWhenClosed = files().hasPathCapability(path(name), CommonPathCapabilities.ABORTABLE_STREAM);
        String part = seenWhenClosed ? name : "." + name + ".part";
        files().mkdirs(path());
        try (OutputStream file = files().create(path(part), true)) {
            file.write(bytes);
        } catch (FSError e) {
            throw exception(e);
        }
        if (!seenWhenClosed) {
            rename(part, name);
        }
    }

    /** Gives what has a name in it, a file or a folder, another; a file of that name is replaced. */
    public void rename(String part, String name) throws IOException {
        if (local().isPresent()) {
            Path from = local().get().resolve(part);
            Files.move(from, from.resolveSibling(name), StandardCopyOption.ATOMIC_MOVE);
        } else {
            rename(part, name, Options.Rename.OVERWRITE);
        }
    }

    private void rename(String part, String name, Options.Rename option) throws IOException {
        org.apache.hadoop.fs.FileContext.getFileContext(path().toUri(), HadoopFiles.conf())
                .rename(path(part), path(name), option);
    }

    /**
     * What is in a small file, which is written if there is none yet: of several writers at once, all find what one of them wrote (on
     * an object store, if it can write on condition).
     */
    public byte[] first(String name, byte[] bytes) throws IOException {
        try {
            if (version(name).isEmpty()) {
                writeNew(name, bytes);
            }
        } catch (IOException e) {
            if (version(name).isEmpty()) {
                throw e;
            }
        }
        return read(name);
    }

    private void writeNew(String name, byte[] bytes) throws IOException {
        files().mkdirs(path());
        if (files().hasPathCapability(path(name), CommonPathCapabilities.ABORTABLE_STREAM)) {
            FSDataOutputStreamBuilder<?, ?> builder =
                    files().createFile(path(name)).overwrite(false);
            try (OutputStream file =
                    builder.opt("fs.option.create.conditional.overwrite", true).build()) {
                file.write(bytes);
            }
            return;
        }
        String part = "." + name + "." + UUID.randomUUID() + ".part";
        try {
            try (OutputStream file = files().create(path(part), true)) {
                file.write(bytes);
            } catch (FSError e) {
                throw exception(e);
            }
            if (local().isPresent()) {
                Files.createLink(local().get().resolve(name), local().get().resolve(part));
            } else {
                rename(part, name, Options.Rename.NONE);
            }
        } finally {
            delete(part);
        }
    }

    /** Copies what has a name in it, a file or a folder, to the same name in another. */
    public void copy(String name, Folder to) throws IOException {
        to.files().mkdirs(to.path());
        FileUtil.copy(files(), path(name), to.files(), to.path(name), false, true, HadoopFiles.conf());
    }

    /** Takes a file away, if it is there. */
    public void delete(String name) throws IOException {
        files().delete(path(name), false);
    }

    /** Takes the folder away with all that is in it, if it is there. */
    public void remove() throws IOException {
        files().delete(path(), true);
    }

    @Override
    public String toString() {
        return location;
    }

    private org.apache.hadoop.fs.Path path() {
        return new org.apache.hadoop.fs.Path(location);
    }

    private org.apache.hadoop.fs.Path path(String name) {
        return new org.apache.hadoop.fs.Path(path(), name);
    }

    private FileSystem files() throws IOException {
        return local().isPresent() ? HadoopFiles.local() : HadoopFiles.of(path());
    }
}
