package io.glossa.storage.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.glossa.storage.Folder;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** {@code checkpoint.json}: one object with {@code format} and the components of {@link CheckpointMeta}. */
final class CheckpointJson {
    /** Raised when the layout of a checkpoint changes. */
    static final int FORMAT = 1;

    private static final String BASE = "base";

    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private CheckpointJson() {}

    static String print(CheckpointMeta meta) {
        ObjectNode root = JSON.createObjectNode();
        root.put("format", FORMAT).put("step", meta.step()).put("kind", meta.kind());
        root.set("config", JSON.valueToTree(new TreeMap<>(meta.config())));
        root.set("cursor", JSON.valueToTree(new TreeMap<>(meta.cursor())));
        root.set("metrics", JSON.valueToTree(new TreeMap<>(meta.metrics())));
        root.set("lineage", JSON.valueToTree(new TreeMap<>(meta.lineage())));
        meta.base()
                .ifPresent(base -> root.putObject(BASE)
                        .put("digest", base.digest())
                        .put("folder", base.folder().location()));
        return root.toPrettyString() + "\n";
    }

    static CheckpointMeta parse(String json, Object file) {
        try {
            JsonNode root = JSON.readTree(json);
            int format = root.path("format").asInt();
            if (format != FORMAT) {
                throw SafetensorsHeader.refusal(file, "its format is " + root.path("format"), "format " + FORMAT);
            }
            return new CheckpointMeta(
                    required(root, "step", file).longValue(),
                    required(root, "kind", file).textValue(),
                    map(required(root, "config", file), new TypeReference<>() {}),
                    map(required(root, "cursor", file), new TypeReference<>() {}),
                    map(required(root, "metrics", file), new TypeReference<>() {}),
                    map(required(root, "lineage", file), new TypeReference<>() {}),
                    Optional.ofNullable(root.get(BASE)).map(base -> base(base, file)));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw SafetensorsHeader.refusal(file, e.getMessage(), "the JSON of a checkpoint")
                    .causedBy(e);
        }
    }

    private static Base base(JsonNode base, Object file) {
        return new Base(
                required(base, "digest", file).textValue(),
                new Folder(required(base, "folder", file).textValue()));
    }

    private static JsonNode required(JsonNode root, String field, Object file) {
        JsonNode node = root.get(field);
        if (node == null) {
            throw SafetensorsHeader.refusal(file, "no field '" + field + "'", "one");
        }
        return node;
    }

    private static <V> Map<String, V> map(JsonNode node, TypeReference<Map<String, V>> type) {
        return JSON.convertValue(node, type);
    }
}
