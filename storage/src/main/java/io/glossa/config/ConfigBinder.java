package io.glossa.config;

import io.glossa.error.GlossaException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
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
     * <p>Components may be int, long, double, boolean, String, an enum (in kebab-case), List&lt;String&gt; (separated by commas),
     * or a record of such, whose keys are then the whole's.
     *
     * @throws GlossaException of type USER for an unknown key (naming the nearest) or a value of the wrong type; what the
     *     record's own constructor throws passes through
     */
    public static <R extends Record> R bind(Class<R> type, Map<String, String> values, R defaults) {
        List<String> keys = keys(type);
        values.keySet().forEach(key -> checkKnown(key, keys));
        return bound(type, values, defaults);
    }

    /** The same of keys among which some are another record's. */
    public static <R extends Record> R bindAmong(Class<R> type, Map<String, String> values, R defaults) {
        return bound(type, values, defaults);
    }

    private static <R extends Record> R bound(Class<R> type, Map<String, String> values, Record defaults) {
        Object[] arguments = Arrays.stream(type.getRecordComponents())
                .map(component -> bound(component, values, read(component, defaults)))
                .toArray();
        return construct(type, arguments);
    }

    private static Object bound(RecordComponent component, Map<String, String> values, Object byDefault) {
        if (byDefault instanceof Record part) {
            return bound(part.getClass(), values, part);
        }
        String key = kebab(component.getName());
        return values.containsKey(key) ? ConfigValue.parse(key, values.get(key), component) : byDefault;
    }

    /** Every key of the record with its value as text, in the order of its components; {@code bind} reads it back. */
    public static Map<String, String> values(Record config) {
        Map<String, String> values = new LinkedHashMap<>();
        for (RecordComponent component : config.getClass().getRecordComponents()) {
            Object value = read(component, config);
            if (value instanceof Record part) {
                values.putAll(values(part));
            } else {
                values.put(kebab(component.getName()), ConfigValue.print(value));
            }
        }
        return values;
    }

    /** The keys that {@code bind} accepts, in the order of the record's components. */
    public static List<String> keys(Class<? extends Record> type) {
        List<String> keys = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            if (component.getType().isRecord()) {
                keys.addAll(keys(component.getType().asSubclass(Record.class)));
            } else {
                keys.add(kebab(component.getName()));
            }
        }
        return List.copyOf(keys);
    }

    private static void checkKnown(String key, List<String> keys) {
        if (!keys.contains(key)) {
            throw GlossaException.user("Cannot set '" + key + "': no such key, expected one of "
                    + String.join(", ", keys) + Nearest.hint(key, keys));
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
