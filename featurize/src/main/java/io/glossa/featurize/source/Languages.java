package io.glossa.featurize.source;

import io.glossa.config.Nearest;
import io.glossa.error.GlossaException;
import java.util.Arrays;
import java.util.Locale;
import java.util.MissingResourceException;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The codes of languages, ISO 639: of two letters, and of three. */
public final class Languages {
    private static final Set<String> CODES = Arrays.stream(Locale.getISOLanguages())
            .flatMap(code -> Stream.of(code, threeLetters(code)))
            .collect(Collectors.toUnmodifiableSet());

    /** Of a recording whose language nobody says. */
    static final String UNKNOWN = "und";

    private Languages() {}

    /** The code in a tag such as {@code pt-BR} or {@code pt_BR}; {@link #UNKNOWN} if there is none. */
    static String ofTag(String tag) {
        String code = tag == null ? "" : tag.strip().split("[-_]", 2)[0].toLowerCase(Locale.ROOT);
        return contains(code) ? code : UNKNOWN;
    }

    static boolean contains(String code) {
        return CODES.contains(code);
    }

    /**
     * The code itself.
     *
     * @throws GlossaException of type USER that names the nearest if it is none
     */
    public static String require(String code) {
        if (!contains(code)) {
            throw GlossaException.user("Cannot take '" + code
                    + "' for a language: no such code, expected one of ISO 639, such as it or ita"
                    + Nearest.hint(code, CODES));
        }
        return code;
    }

    private static String threeLetters(String code) {
        try {
            return new Locale(code).getISO3Language();
        } catch (MissingResourceException e) {
            return code;
        }
    }
}
