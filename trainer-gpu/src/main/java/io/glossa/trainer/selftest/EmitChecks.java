package io.glossa.trainer.selftest;

import io.glossa.error.GlossaException;
import io.glossa.trainer.emit.Kernel;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.runtime.cuda.Emission;
import io.glossa.trainer.runtime.cuda.KernelUse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The CUDA kernels of every preset, written and, where there is a compiler, compiled: a row per preset of kernels that
 * compile without spilling registers, then one per kernel that is written by hand.
 */
final class EmitChecks {
    private static final String TABLE = "kernels.txt";

    private final Emission emission;
    private final Path folder;
    private final Map<String, KernelUse> uses = new TreeMap<>();
    private final Map<String, Integer> asked = new TreeMap<>();

    EmitChecks(Emission emission, Path folder) {
        this.emission = emission;
        this.folder = folder;
    }

    /** Begins, says what could not be done, and finds. */
    void run(Depth depth, SelfTest.Listener listener) {
        for (String preset : ModelConfig.presets()) {
            for (Precision precision : Precision.values()) {
                List<PresetProgram> programs = PresetProgram.of(preset, precision, depth);
                if (!programs.isEmpty()) {
                    listener.begins("kernels of " + preset + " in " + precision.title());
                    listener.found(row(preset, precision, programs));
                }
            }
        }
        if (!uses.isEmpty()) {
            handWritten().forEach(listener::found);
            write();
        }
        listener.note("the kernels are in " + folder
                + emission.compilerName()
                        .map(name -> ", compiled by " + name + "; what each needs is in " + TABLE)
                        .orElse(", not compiled: found neither NVRTC nor nvcc, expected a CUDA toolkit or pip's nvidia"
                                + " packages"));
    }

    private Row row(String preset, Precision precision, List<PresetProgram> programs) {
        String name = "emit: " + preset;
        try {
            List<Kernel> kernels = new ArrayList<>();
            for (PresetProgram program : programs) {
                kernels.addAll(program.lowered().kernels());
            }
            Emission.Report report = emission.write(kernels, folder.resolve(preset + "-" + precision.title()));
            kernels.forEach(this::note);
            report.uses().forEach(use -> uses.put(use.kernel(), use));
            return row(name, precision, report);
        } catch (GlossaException e) {
            return Row.failed(name, precision.title(), e.getMessage());
        }
    }

    private static Row row(String name, Precision precision, Emission.Report report) {
        List<String> spilling = report.uses().stream()
                .filter(KernelUse::spills)
                .map(KernelUse::kernel)
                .toList();
        int checks = report.functions().size();
        if (report.uses().isEmpty()) {
            return new Row(name, precision.title(), checks, 0, "written");
        }
        int registers =
                report.uses().stream().mapToInt(KernelUse::registers).max().orElse(0);
        String figures = "at most " + registers + " registers, "
                + (spilling.isEmpty() ? "no spills" : "spills in " + String.join(", ", spilling));
        return new Row(name, precision.title(), checks, spilling.size(), figures);
    }

    /** The shared memory that launches of hand-written functions ask for, by what the functions' names begin with. */
    private void note(Kernel kernel) {
        if (!kernel.header().isEmpty()) {
            kernel.launches()
                    .forEach(launch ->
                            asked.merge(launch.function().replaceAll("\\W+", "_"), launch.shared(), Math::max));
        }
    }

    private List<Row> handWritten() {
        List<Row> rows = new ArrayList<>();
        asked.forEach((base, shared) -> uses.values().stream()
                .filter(use -> use.kernel().startsWith(base))
                .max(Comparator.comparingInt(KernelUse::registers))
                .ifPresent(use -> rows.add(new Row(
                        base,
                        "",
                        1,
                        use.spills() ? 1 : 0,
                        figures(use) + (shared > 0 ? " + " + shared + " asked for" : "")))));
        return rows;
    }

    private static String figures(KernelUse use) {
        return String.format(
                Locale.ROOT,
                "%d registers, %d B spilled, %d B shared",
                use.registers(),
                use.spillStores() + use.spillLoads(),
                use.shared());
    }

    private void write() {
        List<String> lines = new ArrayList<>();
        lines.add(
                String.format(Locale.ROOT, "%9s %6s %8s %7s  %s", "registers", "stack", "spilled", "shared", "kernel"));
        for (String kernel : new TreeSet<>(uses.keySet())) {
            KernelUse use = uses.get(kernel);
            lines.add(String.format(
                    Locale.ROOT,
                    "%9d %6d %8d %7d  %s",
                    use.registers(),
                    use.stack(),
                    use.spillStores() + use.spillLoads(),
                    use.shared(),
                    kernel));
        }
        try {
            Files.write(folder.resolve(TABLE), lines);
        } catch (IOException e) {
            throw GlossaException.resource("Cannot write " + folder.resolve(TABLE) + ": " + e.getMessage()
                            + ", expected a writable folder")
                    .causedBy(e);
        }
    }
}
