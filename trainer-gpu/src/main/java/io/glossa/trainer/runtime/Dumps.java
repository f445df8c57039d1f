package io.glossa.trainer.runtime;

import io.glossa.error.GlossaException;
import io.glossa.trainer.emit.Kernel;
import io.glossa.trainer.fuse.Group;
import io.glossa.trainer.fuse.Schedule;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.GraphPrinter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Writes what each pass makes of a program into a folder, a file per pass; or nothing. */
public record Dumps(Optional<Path> folder) {
    public static final Dumps NONE = new Dumps(Optional.empty());

    Graph graph(String program, String pass, Graph graph) {
        write(program, pass + ".graph", () -> GraphPrinter.print(graph));
        return graph;
    }

    Schedule schedule(String program, Schedule schedule) {
        write(program, "fuse.txt", () -> {
            StringBuilder text = new StringBuilder();
            for (Group group : schedule.order()) {
                text.append(group)
                        .append(" ")
                        .append(group.rows())
                        .append(" x ")
                        .append(group.columns())
                        .append(" stores ")
                        .append(group.stored())
                        .append('\n')
                        .append(GraphPrinter.lines(group.members()));
            }
            return text.toString();
        });
        return schedule;
    }

    List<Kernel> kernels(String program, List<Kernel> kernels) {
        write(program, "kernels.cpp", () -> {
            Set<String> once = new LinkedHashSet<>();
            kernels.forEach(kernel -> once.add("// " + kernel.function() + "\n" + kernel.source()));
            return String.join("\n", once);
        });
        return kernels;
    }

    private interface Text {
        String text();
    }

    private void write(String program, String file, Text text) {
        folder.ifPresent(path -> {
            try {
                Path target = path.resolve(program).resolve(file);
                Files.createDirectories(target.getParent());
                Files.writeString(target, text.text());
            } catch (IOException e) {
                throw GlossaException.resource("Cannot dump graphs to " + path + ": " + e.getMessage()
                                + ", expected a writable folder")
                        .causedBy(new UncheckedIOException(e));
            }
        });
    }
}
