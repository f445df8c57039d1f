package io.glossa.trainer.runtime.host;

import io.glossa.config.Sha256;
import io.glossa.error.GlossaException;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.runtime.Compile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * Plans of programs that were compiled before, so that a process that starts again only captures its model. A file's name
 * is a digest of the captured graph, the options, the compiler's own code, and the machine.
 */
public final class PlanCache {
    private final Path folder;
    private final String identity;
    private final Consumer<Path> damaged;

    /**
     * @param identity all that plans depend on beside the program and the compiler
     * @param damaged takes a file that cannot be used and is made again
     */
    public PlanCache(Path folder, String identity, Consumer<Path> damaged) {
        this.folder = folder;
        this.identity = identity;
        this.damaged = damaged;
    }

    /**
     * The plan of a program: that of an earlier process if it can be used, else made now and kept.
     *
     * @param usable whether all is there that a plan calls
     */
    public ProgramPlan plan(
            String name,
            Graph graph,
            Compile.Options options,
            Predicate<ProgramPlan> usable,
            Supplier<ProgramPlan> making) {
        String key = Digest.ofFile(name, text(graph), options.toString(), code(), identity);
        Path file = folder.resolve("plan-" + key + ".bin");
        return read(file).filter(usable).orElseGet(() -> {
            ProgramPlan made = making.get();
            write(file, made);
            return made;
        });
    }

    /** The plan in a file; empty where there is none that is whole. */
    private Optional<ProgramPlan> read(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        if (Seal.isWhole(file)) {
            try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
                return Optional.of(PlanFile.read(in));
            } catch (IOException e) {
                // Of another time: made again below, as if it were damaged.
            }
        }
        damaged.accept(file);
        return Optional.empty();
    }

    private static void write(Path file, ProgramPlan plan) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            PlanFile.write(plan, new DataOutputStream(bytes));
            Seal.publishSealed(file, bytes.toByteArray());
        } catch (IOException e) {
            throw CacheFolder.unwritable("Cannot write " + file, e);
        }
    }

    /** All that a graph says, nodes named by their places. */
    private static String text(Graph graph) {
        StringBuilder text = new StringBuilder();
        Map<Node, Integer> places = new HashMap<>();
        for (Node node : graph.nodes()) {
            places.put(node, places.size());
            text.append(node.op()).append(node.type());
            node.inputs().forEach(input -> text.append(' ').append(places.get(input)));
            text.append(node.op() == Op.DATA ? content(node) : node.attr()).append('\n');
        }
        for (Map<String, Node> named : List.of(graph.outputs(), graph.updates(), graph.gradients())) {
            named.forEach((name, node) ->
                    text.append(name).append('=').append(places.get(node)).append('\n'));
        }
        return text.toString();
    }

    private static String content(Node node) {
        HostTensor value = node.attr(Attr.Data.class).value();
        int size = (int) value.type().shape().size();
        ByteBuffer elements = ByteBuffer.allocate(Double.BYTES * size);
        for (int i = 0; i < size; i++) {
            elements.putDouble(value.at(i));
        }
        return node.attr(Attr.Data.class).name() + Sha256.of(elements.array());
    }

    /** A checksum of the compiler: its jar, or its folder of classes. */
    private static String code() {
        try {
            Path source = Path.of(PlanCache.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            CRC32 checksum = new CRC32();
            try (Stream<Path> files = Files.walk(source)) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    checksum.update(Files.readAllBytes(file));
                }
            }
            return Long.toHexString(checksum.getValue());
        } catch (IOException | URISyntaxException e) {
            throw GlossaException.resource("Cannot read Glossa's own classes: " + e.getMessage())
                    .causedBy(e);
        }
    }
}
