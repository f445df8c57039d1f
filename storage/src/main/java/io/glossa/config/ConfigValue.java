package io.glossa.config;

import io.glossa.error.GlossaException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** One config value between text and Java. */
final class ConfigValue {
    private ConfigValue() {}

    static Object parse(String key, String text, RecordComponent component) {
        Class<?> type = component.getType();
        if (type == int.class) {
            return number(key, text, "a whole number", Integer::valueOf);
        } else if (type == long.class) {
            return number(key, text, "a whole number", Long::valueOf);
        } else if (type == double.class) {
            return number(key, text, "a number", Double::valueOf);
        } else if (type == boolean.class) {
            return bool(key, text);
        } else if (type == String.class) {
            return text;
        } else if (type.isEnum()) {
            return constant(key, text, type);
        } else if (isListOfStrings(component)) {
            return list(text);
        }
        throw GlossaException.internal("Cannot bind '" + key + "': " + component.getGenericType()
                + ", expected int, long, double, boolean, String, an enum or List<String>");
    }

    static String print(Object value) {
        if (value instanceof Enum<?> constant) {
            return kebab(constant);
        } else if (value instanceof List<?> list) {
            return String.join(",", list.stream().map(String::valueOf).toList());
        }
        return String.valueOf(value);
    }

    private static boolean isListOfStrings(RecordComponent component) {
        return component.getGenericType() instanceof ParameterizedType list
                && list.getRawType() == List.class
                && list.getActualTypeArguments()[0] == String.class;
    }

    private static Object number(String key, String text, String expected, Function<String, Object> as) {
        try {
            return as.apply(text.strip());
        } catch (NumberFormatException e) {
            throw refusal(key, text, expected);
        }
    }

    private static Boolean bool(String key, String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw refusal(key, text, "true or false");
        };
    }

    private static Object constant(String key, String text, Class<?> type) {
        Map<String, Object> constants = new LinkedHashMap<>();
        for (Object constant : type.getEnumConstants()) {
            constants.put(kebab((Enum<?>) constant), constant);
        }
        Object found = constants.get(text.strip().toLowerCase(Locale.ROOT).replace('_', '-'));
        if (found == null) {
            throw refusal(
                    key,
                    text,
                    "one of " + String.join(", ", constants.keySet()) + Nearest.hint(text, constants.keySet()));
        }
        return found;
    }

    private static String kebab(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static List<String> list(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    private static GlossaException refusal(String key, String text, String expected) {
        return GlossaException.user("Cannot set '" + key + "': found '" + text + "', expected " + expected);
    }
}
