package io.glossa.jobs.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.glossa.error.GlossaException;

/** A record as one line of JSON, its components in snake case: how programs that measure talk to each other. */
public final class Json {
    private static final ObjectMapper MAPPER =
            new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);

    private Json() {}

    public static String line(Record measured) {
        try {
            return MAPPER.writeValueAsString(measured);
        } catch (JsonProcessingException e) {
            throw GlossaException.internal("Cannot print " + measured + " as JSON: " + e.getMessage())
                    .causedBy(e);
        }
    }

    public static <T> T read(String line, Class<T> type) throws JsonProcessingException {
        return MAPPER.readValue(line, type);
    }
}
