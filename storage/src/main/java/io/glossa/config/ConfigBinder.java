package io.glossa.config;

import io.glossa.error.GlossaException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Binds text key-values to a config record and back. */
public final class ConfigBinder {
    private ConfigBinder() {}

    /**
     * A copy of {@code defaults} in which every given key has its given value.
     *
     * <p>Components may be int, long, double, boolean, String, an enum (in kebab-case) or List&lt;String&gt; (separated by
     * commas).
     *
     * @throws GlossaException of type USER for an unknown key (naming the nearest) or a value of the wrong type; what the
     *     record's own constructor throws passes through
     */
    public static <R extends Record> R bind(Class<R> type, Map<String, String> values, R defaults) {
        Map<String, RecordComponent> components = components(type);
        values.keySet().forEach(key -> checkKnown(key, components));
        Object[] arguments = components.entrySet().stream()
                .map(entry -> values.containsKey(entry.getKey())
                        ? ConfigValue.parse(entry.getKey(), values.get(entry.getKey()), entry.getValue())
                        : read(entry.getValue(), defaults))
                .toArray();
        return construct(type, arguments);
    }

    /** Every key of the record with its value as text, in the order of its components; {@code bind} reads it back. */
    public static Map<String, String> values(Record config) {
        Map<String, String> values = new LinkedHashMap<>();
        components(config.getClass())
                .forEach((key, component) -> values.put(key, ConfigValue.print(read(component, config))));
        return values;
    }

    /** The keys that {@code bind} accepts, in the order of the record's components. */
    public static List<String> keys(Class<? extends Record> type) {
        return List.copyOf(components(type).keySet());
    }

    private static Map<String, RecordComponent> components(Class<?> type) {
        Map<String, RecordComponent> components = new LinkedHashMap<>();
        for (RecordComponent component : type.getRecordComponents()) {
            components.put(kebab(component.getName()), component);
        }
        return components;
    }

    private static void checkKnown(String key, Map<String, RecordComponent> components) {
        if (!components.containsKey(key)) {
            String hint = Nearest.hint(key, components.keySet());
            throw GlossaException.user("Cannot set '" + key + "': no such key, expected one of "
                    + String.join(", ", components.keySet()) + hint);
        }
    }

    private static Object read(RecordComponent component, Record from) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(from);
        } catch (ReflectiveOperationException e) {
            throw GlossaException.internal("Cannot read " + component.getName() + " of " + from.getClass())
                    .causedBy(e);
        }
    }

    private static <R extends Record> R construct(Class<R> type, Object[] arguments) {
        Class<?>[] types = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            Constructor<R> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException refusal) {
                throw refusal;
            }
            throw GlossaException.internal("Cannot construct " + type.getName()).causedBy(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw GlossaException.internal("Cannot construct " + type.getName()).causedBy(e);
        }
    }

    /** {@code learningRate} → {@code learning-rate}; digits stay with the word before them. */
    static String kebab(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }
}
