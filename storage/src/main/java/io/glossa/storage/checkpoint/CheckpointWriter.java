package io.glossa.storage.checkpoint;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.glossa.config.Sha256;
import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes a rank's share of a checkpoint into its final place, DONE last, every file complete before it. Nothing is renamed, and
 * no rank waits for another: before all have written their DONE it is no checkpoint, and no other one is touched.
 */
final class CheckpointWriter {
    /** The tensors' row-major order, for other readers. */
    private static final Map<String, String> FORMAT = Map.of("format", "pt");

    private final Folder step;
    private final Share share;
    private final Map<String, String> digests = new HashMap<>();

    private CheckpointWriter(Folder step, Share share) {
        this.step = step;
        this.share = share;
    }

    static Folder write(Folder dir, Share share) {
        Folder step =
                dir.resolve(String.format(Locale.ROOT, "step-%08d", share.meta().step()));
        try {
            new CheckpointWriter(step, share).write();
            return step;
        } catch (IOException e) {
            throw GlossaException.resource("Cannot write checkpoint " + step + ": " + e)
                    .causedBy(e);
        }
    }

    /** Takes a checkpoint away, so that at no moment it seems whole. */
    static void remove(Folder step) throws IOException {
        for (String name : step.names()) {
            if (Done.isName(name)) {
                step.delete(name);
            }
        }
        step.remove();
    }

    private void write() throws IOException {
        Part part = share.part();
        if (part.count() == 1) {
            remove(step);
        } else {
            step.delete(part.done());
        }
        write(part.model(), share.model(), metadata(share.meta()));
        write(part.optimizer(), share.optimizer(), FORMAT);
        if (part.index() == 0) {
            write(Part.META, CheckpointJson.print(share.meta()));
        }
        if (part.index() == 0 && part.count() > 1) {
            write(Part.INDEX, index(part));
        }
        write(part.done(), Done.text(part, digests));
    }

    /** Of the model's file, and of nothing that hangs on who wrote it. */
    static Map<String, String> metadata(CheckpointMeta meta) {
        Map<String, String> metadata = new TreeMap<>(FORMAT);
        meta.base().ifPresent(base -> metadata.put(Base.KEY, base.digest()));
        return metadata;
    }

    private void write(String file, Map<String, TensorRange> ranges, Map<String, String> general) throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Map<String, String> metadata = new LinkedHashMap<>(general);
        ranges.forEach((name, range) -> {
            tensors.put(name, range.elements());
            if (!range.isWhole()) {
                metadata.put(TensorRange.KEY + name, range.text());
            }
        });
        digests.put(file, SafetensorsWriter.write(step, file, tensors, metadata));
    }

    /** Which file has which tensor, as other readers of models in several files expect it. */
    private String index(Part part) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.putObject("metadata").put("total_size", share.deal().bytes());
        ObjectNode files = root.putObject("weight_map");
        new TreeMap<>(share.deal().owners())
                .forEach((name, owner) -> files.put(name, new Part(owner, part.count(), part.attempt()).model()));
        return root.toPrettyString() + "\n";
    }

    private void write(String name, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digests.put(name, Sha256.of(bytes));
        try (OutputStream file = step.create(name)) {
            file.write(bytes);
        }
    }
}
