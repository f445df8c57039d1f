package io.glossa.storage.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.glossa.error.GlossaException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The JSON header of a safetensors file: {@code {"__metadata__": {…}, "name": {"dtype": "F32", "shape": [2, 3],
 * "data_offsets": [0, 24]}, …}}. Offsets count from the end of the header; the tensors lie one after another with no
 * gap and no overlap, and fill the rest of the file.
 */
record SafetensorsHeader(Map<String, Entry> entries, Map<String, String> metadata) {
    /** The longest header that readers accept, by the format's definition. */
    static final int MAX_BYTES = 100_000_000;

    private static final String METADATA = "__metadata__";
    private static final int ALIGNMENT = 8;
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Where one tensor lies: bytes {@code begin} to {@code end} after the header. */
    record Entry(String dtype, long[] shape, long begin, long end) {}

    /**
     * The layout of these tensors: wider elements first, so that every tensor is aligned to its element, and by name
     * within a width.
     */
    static SafetensorsHeader layout(Map<String, Tensor> tensors, Map<String, String> metadata) {
        Comparator<String> widest = Comparator.comparingInt(
                name -> -Tensor.elementBytes(tensors.get(name).dtype()));
        Map<String, Entry> entries = new LinkedHashMap<>();
        long begin = 0;
        for (String name : tensors.keySet().stream()
                .sorted(widest.thenComparing(Comparator.naturalOrder()))
                .toList()) {
            if (name.equals(METADATA)) {
                throw GlossaException.internal("Cannot name a tensor " + METADATA + ": the format keeps that name");
            }
            Tensor tensor = tensors.get(name);
            long end = begin + Tensor.bytes(tensor.dtype(), tensor.shape());
            entries.put(name, new Entry(tensor.dtype(), tensor.shape(), begin, end));
            begin = end;
        }
        return new SafetensorsHeader(entries, new TreeMap<>(metadata));
    }

    /** The JSON, padded with spaces so that the tensors begin at a multiple of 8 bytes of the file. */
    byte[] bytes() {
        ObjectNode root = JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode texts = root.putObject(METADATA);
            metadata.forEach(texts::put);
        }
        entries.forEach((name, entry) -> {
            ObjectNode node = root.putObject(name).put("dtype", entry.dtype());
            ArrayNode shape = node.putArray("shape");
            Arrays.stream(entry.shape()).forEach(shape::add);
            node.putArray("data_offsets").add(entry.begin()).add(entry.end());
        });
        byte[] json = root.toString().getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(json, (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        return padded;
    }

    /**
     * Reads and checks a header.
     *
     * @param dataBytes the bytes of the file after the header
     * @throws GlossaException of type DATA that names the file and what is wrong
     */
    static SafetensorsHeader parse(byte[] json, long dataBytes, Object file) {
        if (json.length == 0 || json[0] != '{') {
            throw refusal(file, "its header does not begin with '{'", "JSON");
        }
        Map<String, Entry> entries = new LinkedHashMap<>();
        Map<String, String> metadata = new TreeMap<>();
        tree(json, file).properties().forEach(property -> {
            if (property.getKey().equals(METADATA)) {
                property.getValue()
                        .properties()
                        .forEach(text -> metadata.put(text.getKey(), text(text.getValue(), file)));
            } else {
                entries.put(property.getKey(), entry(property.getKey(), property.getValue(), file));
            }
        });
        checkContiguous(entries, dataBytes, file);
        return new SafetensorsHeader(entries, metadata);
    }

    private static JsonNode tree(byte[] json, Object file) {
        try {
            return JSON.readTree(new String(json, StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw refusal(file, "its header is not JSON (" + e.getOriginalMessage() + ")", "a JSON object")
                    .causedBy(e);
        }
    }

    private static String text(JsonNode node, Object file) {
        if (!node.isTextual()) {
            throw refusal(file, METADATA + " holds " + node, "texts");
        }
        return node.textValue();
    }

    private static Entry entry(String name, JsonNode node, Object file) {
        JsonNode dtype = node.path("dtype");
        JsonNode shape = node.path("shape");
        JsonNode offsets = node.path("data_offsets");
        if (!dtype.isTextual() || !isWholeNumbers(shape) || !isWholeNumbers(offsets) || offsets.size() != 2) {
            throw refusal(file, "tensor '" + name + "' is " + node, "dtype, shape and two data_offsets");
        }
        long[] extents = new long[shape.size()];
        Arrays.setAll(extents, i -> shape.get(i).longValue());
        Entry entry = new Entry(
                dtype.textValue(),
                extents,
                offsets.get(0).longValue(),
                offsets.get(1).longValue());
        long bytes = bytes(name, entry, file);
        if (entry.end() - entry.begin() != bytes) {
            throw refusal(
                    file,
                    "tensor '" + name + "' has " + (entry.end() - entry.begin()) + " bytes",
                    bytes + " for " + entry.dtype() + Arrays.toString(extents));
        }
        return entry;
    }

    private static boolean isWholeNumbers(JsonNode node) {
        boolean whole = node.isArray();
        for (JsonNode item : node) {
            whole &= item.isIntegralNumber() && item.canConvertToLong() && item.longValue() >= 0;
        }
        return whole;
    }

    private static long bytes(String name, Entry entry, Object file) {
        try {
            return Tensor.bytes(entry.dtype(), entry.shape());
        } catch (GlossaException e) {
            throw refusal(file, "tensor '" + name + "': " + e.getMessage(), "a tensor that can be read")
                    .causedBy(e);
        }
    }

    private static void checkContiguous(Map<String, Entry> entries, long dataBytes, Object file) {
        List<Map.Entry<String, Entry>> inOrder = new ArrayList<>(entries.entrySet());
        inOrder.sort(Comparator.comparingLong(
                        (Map.Entry<String, Entry> e) -> e.getValue().begin())
                .thenComparingLong(e -> e.getValue().end()));
        long end = 0;
        for (Map.Entry<String, Entry> next : inOrder) {
            if (next.getValue().begin() != end) {
                String fault = next.getValue().begin() < end ? "overlaps the one before it" : "leaves a gap before it";
                throw refusal(
                        file,
                        "tensor '" + next.getKey() + "' begins at "
                                + next.getValue().begin() + " and " + fault,
                        "it at " + end);
            }
            end = next.getValue().end();
        }
        if (end != dataBytes) {
            String fault = dataBytes < end ? "it is truncated: " : "";
            throw refusal(file, fault + dataBytes + " bytes follow the header", end + " by its tensors");
        }
    }

    static GlossaException refusal(Object file, String found, String expected) {
        return GlossaException.data("Cannot read " + file + ": " + found + ", expected " + expected);
    }
}
