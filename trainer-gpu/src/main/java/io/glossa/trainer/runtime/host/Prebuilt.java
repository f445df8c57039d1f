package io.glossa.trainer.runtime.host;

import io.glossa.error.GlossaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Libraries that were compiled on another machine, for machines without a C++ compiler. They run on any processor of
 * {@link #LEVEL}. The property {@code glossa.programs} names their folder.
 */
public final class Prebuilt {
    /** Instructions that the libraries use: those of processors since about 2015. */
    public static final String LEVEL = "x86-64-v3";

    /** In a folder of libraries: what their compiler said of its version. */
    private static final String COMPILER = "compiler.txt";

    private static final String FOLDER = "glossa.programs";

    /** Set where libraries for others are made. */
    private static final String MAKING = "glossa.level";

    /** Some of those of the level, by their names in /proc/cpuinfo. */
    private static final List<String> INSTRUCTIONS = List.of("avx2", "fma", "bmi1", "bmi2", "f16c", "movbe");

    private Prebuilt() {}

    /**
     * How this process makes libraries, or finds those made before: for the machine's own processor, unless its properties
     * say otherwise.
     *
     * @param cache gets libraries that were made on another machine
     * @throws GlossaException of type RESOURCE if this processor does not run those
     */
    public static BuildSetup setup(Path cache) {
        if (System.getProperty(FOLDER) != null) {
            return setup(Path.of(System.getProperty(FOLDER)), cache);
        }
        BuildSetup own = BuildSetup.ofEnvironment();
        return LEVEL.equals(System.getProperty(MAKING)) ? own.withLevel(LEVEL) : own;
    }

    static BuildSetup setup(Path folder, Path cache) {
        String version = version(folder);
        requireLevel();
        copy(folder, cache);
        return BuildSetup.ofEnvironment().withLevel(LEVEL).withVersion(Optional.of(version));
    }

    /** JVM flags of a process whose libraries are for any processor of the level. */
    public static String making() {
        return "-D" + MAKING + "=" + LEVEL;
    }

    /** Makes a cache that such a process used a folder of libraries: what else is in it goes. */
    public static void seal(Path cache) {
        BuildSetup setup = BuildSetup.ofEnvironment();
        try (Stream<Path> files = Files.list(cache)) {
            for (Path file : files.toList()) {
                if (!isLibrary(file)) {
                    Leftovers.delete(file);
                }
            }
            Files.writeString(cache.resolve(COMPILER), new Toolchain(cache, setup).version());
        } catch (IOException e) {
            throw GlossaException.resource("Cannot collect libraries in " + cache + ": " + e.getMessage()
                            + ", expected a writable folder")
                    .causedBy(e);
        }
    }

    /** Of a folder of libraries, the compiler in one line. */
    public static String compiler(Path folder) {
        return version(folder).lines().findFirst().orElse("");
    }

    private static boolean isLibrary(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".so") || name.endsWith(FunctionCache.LIST);
    }

    private static void requireLevel() {
        String features = Processor.features() + " ";
        List<String> missing = INSTRUCTIONS.stream()
                .filter(each -> !features.contains(" " + each + " "))
                .toList();
        if (!missing.isEmpty()) {
            throw GlossaException.resource("Cannot open device 'cpu': this processor has no "
                    + String.join(", ", missing) + ", expected one of " + LEVEL
                    + ", for which the programs here were built (device 'reference' runs on any, slowly)");
        }
    }

    private static String version(Path folder) {
        try {
            return Files.readString(folder.resolve(COMPILER));
        } catch (IOException e) {
            throw GlossaException.resource("Cannot open device 'cpu': found no programs for it in " + folder
                            + ", expected some (device 'reference' needs none)")
                    .causedBy(e);
        }
    }

    /** Those that are not there whole. */
    private static void copy(Path folder, Path cache) {
        try (Stream<Path> files = Files.list(folder)) {
            Files.createDirectories(cache);
            for (Path file : files.filter(Prebuilt::isLibrary).toList()) {
                Path copy = cache.resolve(file.getFileName());
                if (!Files.exists(copy) || Files.size(copy) != Files.size(file) || !isUsable(copy)) {
                    Seal.publish(copy, Files.readAllBytes(file));
                }
            }
        } catch (IOException e) {
            throw CacheFolder.unwritable("Cannot copy programs from " + folder + " to " + cache, e);
        }
    }

    private static boolean isUsable(Path copy) {
        return copy.toString().endsWith(FunctionCache.LIST) || Seal.isWhole(copy);
    }
}
