package io.glossa.trainer.runtime.cuda;

import com.sun.jna.NativeLibrary;
import io.glossa.error.GlossaException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * CUDA's libraries on this machine, by their sonames. No version is asked for but one that the driver can run: of several,
 * the newest of those.
 */
final class Libraries {
    /** The first that is known to have all that is called. */
    private static final int OLDEST = 12;

    /** What was loaded, for the life of the process: JNA keeps it only while somebody calls it, but its threads may run on. */
    private static final Map<String, NativeLibrary> LOADED = new ConcurrentHashMap<>();

    private final List<Path> folders;
    private final Function<String, Native> loader;

    /** @param loader loads by path, or by a name that the system looks for; an UnsatisfiedLinkError if it cannot */
    Libraries(List<Path> folders, Function<String, Native> loader) {
        this.folders = folders;
        this.loader = loader;
    }

    static Libraries ofMachine() {
        return new Libraries(
                SearchPath.ofMachine().folders(),
                path -> Native.of(path, LOADED.computeIfAbsent(path, NativeLibrary::getInstance)));
    }

    /** The driver, which comes with the system and not with CUDA. */
    Native driver() {
        String soname = "libcuda.so.1";
        return named(soname)
                .orElseThrow(() -> GlossaException.resource("Cannot use a GPU: found no NVIDIA driver, expected "
                        + soname + " where the system's loader looks, or in " + lookedIn()
                        + " (install the driver, or take another device)"));
    }

    /** NCCL, whose soname does not tell for which version of CUDA it is. */
    Native nccl() {
        String soname = "libnccl.so.2";
        return named(soname)
                .orElseThrow(() -> GlossaException.resource("Cannot train on several GPUs: found no " + soname
                        + ", expected it in " + lookedIn()
                        + ", or where the system's loader looks (pip install nvidia-nccl-cu12, or -cu13, or set"
                        + " LD_LIBRARY_PATH)"));
    }

    private Optional<Native> named(String soname) {
        List<String> candidates = new ArrayList<>(List.of(soname));
        folders.forEach(folder -> candidates.add(folder.resolve(soname).toString()));
        return candidates.stream()
                .flatMap(candidate -> load(candidate).stream())
                .findFirst();
    }

    /** The newest compiler there is, whatever driver there is. */
    Optional<Native> anyNvrtc() {
        for (Candidate candidate : candidates("libnvrtc")) {
            loadParts(candidate.path(), "libnvrtc");
            Optional<Native> loaded = load(candidate.path().toString());
            if (loaded.isPresent()) {
                return loaded;
            }
        }
        return Optional.empty();
    }

    private record Candidate(int major, Path path) {}

    /**
     * @param name such as libnvrtc
     * @param pip what pip calls it
     * @param driver the version of CUDA that the driver is for
     * @throws GlossaException of type RESOURCE if there is none that the driver runs
     */
    Native newest(String name, String pip, DriverVersion driver) {
        List<Candidate> candidates = candidates(name);
        for (Candidate candidate : candidates) {
            if (candidate.major() <= driver.major()) {
                loadParts(candidate.path(), name);
                Optional<Native> loaded = load(candidate.path().toString());
                if (loaded.isPresent()) {
                    return loaded.get();
                }
            }
        }
        for (int major = driver.major(); major >= OLDEST; major--) {
            Optional<Native> loaded = load(name + ".so." + major);
            if (loaded.isPresent()) {
                return loaded.get();
            }
        }
        String wanted = pip(pip, driver.major());
        throw candidates.stream()
                .filter(candidate -> candidate.major() > driver.major())
                .findFirst()
                .map(newer -> GlossaException.resource("Cannot use the GPU: the driver is for CUDA " + driver
                        + " and older than " + newer.path() + ", expected a driver for CUDA " + newer.major()
                        + " or " + name + ".so." + driver.major() + " (update the driver, or pip install " + wanted
                        + ")"))
                .orElseGet(() -> GlossaException.resource("Cannot use the GPU: found no " + name + ".so."
                        + driver.major() + (driver.major() > OLDEST ? " down to ." + OLDEST : "")
                        + ", expected it in " + lookedIn() + ", or where the system's loader looks (pip install "
                        + wanted + ", or set LD_LIBRARY_PATH)"));
    }

    /** Since CUDA 13 the version is no longer part of a package's name. */
    private static String pip(String name, int major) {
        return major > OLDEST ? "'" + name + "==" + major + ".*'" : name + "-cu" + major;
    }

    private List<Candidate> candidates(String name) {
        Pattern versioned = Pattern.compile(Pattern.quote(name) + "\\.so\\.(\\d+)");
        List<Candidate> found = new ArrayList<>();
        for (Path folder : folders) {
            for (Path file : SearchPath.matching(folder, name + ".so.*")) {
                Matcher matcher = versioned.matcher(file.getFileName().toString());
                if (matcher.matches()) {
                    found.add(new Candidate(Integer.parseInt(matcher.group(1)), file));
                }
            }
        }
        found.sort(Comparator.comparingInt(Candidate::major).reversed());
        return found;
    }

    /** Loads what a library looks for by name alone, and so would not find beside it. */
    private void loadParts(Path library, String name) {
        SearchPath.matching(library.getParent(), name + "-builtins.so.*").forEach(part -> load(part.toString()));
    }

    private Optional<Native> load(String path) {
        try {
            return Optional.of(loader.apply(path));
        } catch (UnsatisfiedLinkError e) {
            return Optional.empty();
        }
    }

    private String lookedIn() {
        return folders.isEmpty()
                ? "LD_LIBRARY_PATH, a CUDA toolkit or pip's nvidia packages, of which there are none"
                : folders.stream().map(Path::toString).collect(Collectors.joining(", "));
    }
}
