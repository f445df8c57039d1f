package io.glossa.featurize.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.glossa.featurize.Refusal;
import io.glossa.featurize.RejectCode;

/** What a JSON object says of a recording, by the names that data sets use for it. */
final class Meta {
    static final String[] TEXT = {"text", "transcript", "transcription", "sentence", "normalized_text"};
    static final String[] SPEAKER = {"speaker", "speaker_id", "client_id"};
    static final String[] LANGUAGE = {"lang", "language", "locale"};
    private static final String[] LICENCE = {"licence", "license"};
    private static final ObjectMapper JSON = new ObjectMapper();

    private Meta() {}

    /** @throws Refusal if it is no JSON object */
    static JsonNode object(String text) throws Refusal {
        try {
            JsonNode found = JSON.readTree(text);
            if (found != null && found.isObject()) {
                return found;
            }
            throw new Refusal(RejectCode.BAD_ENTRY, "no JSON object: " + start(text));
        } catch (JsonProcessingException e) {
            throw new Refusal(RejectCode.BAD_ENTRY, "no JSON: " + start(text) + ": " + e.getOriginalMessage());
        }
    }

    /** The first value that is there, as text; null if there is none. */
    static String text(JsonNode object, String... names) {
        for (String name : names) {
            JsonNode value = object.get(name);
            if (value != null && value.isValueNode() && !value.isNull()) {
                return value.asText();
            }
        }
        return null;
    }

    /** @throws Refusal if it is not there */
    static String required(JsonNode object, String name) throws Refusal {
        String value = text(object, name);
        if (value == null || value.isEmpty()) {
            throw new Refusal(RejectCode.BAD_ENTRY, "no " + name + " in " + start(object.toString()));
        }
        return value;
    }

    /** A time, s; {@code otherwise} where it is not there. */
    static double seconds(JsonNode object, String name, double otherwise) throws Refusal {
        JsonNode value = object.get(name);
        if (value == null || value.isNull()) {
            return otherwise;
        }
        if (!value.isNumber()) {
            throw new Refusal(RejectCode.BAD_ENTRY, name + " is " + start(value.toString()) + ", expected a number");
        }
        return value.asDouble();
    }

    /** With the labels that the object has. */
    static Labels labels(JsonNode object, Labels labels) {
        Labels all = labels;
        if (text(object, LANGUAGE) != null) {
            all = all.inLanguage(text(object, LANGUAGE));
        }
        if (text(object, SPEAKER) != null) {
            all = all.by(text(object, SPEAKER));
        }
        if (text(object, LICENCE) != null) {
            all = all.under(text(object, LICENCE));
        }
        if (text(object, "domain") != null) {
            all = all.about(text(object, "domain"));
        }
        return text(object, "split") == null ? all : all.inSplit(text(object, "split"));
    }

    private static String start(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }
}
