package io.glossa.jobs.report;

import java.util.Locale;

/** Markup as text: everything from outside goes through {@link #text}. What is built is well-formed XML, too. */
final class Html {
    private final StringBuilder markup = new StringBuilder();

    /** The text with the markup's own characters escaped; control characters, which XML has not, are dropped. */
    static String text(String raw) {
        StringBuilder out = new StringBuilder(raw.length() + 16);
        raw.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                default -> {
                    if (c >= ' ' || c == '\n' || c == '\t') {
                        out.appendCodePoint(c);
                    }
                }
            }
        });
        return out.toString();
    }

    /** Appends markup as it is. */
    Html raw(String html) {
        markup.append(html);
        return this;
    }

    /** Appends markup in which each {@code %s} is escaped text and numbers are formatted without a locale. */
    Html add(String template, Object... values) {
        Object[] escaped = new Object[values.length];
        for (int i = 0; i < values.length; i++) {
            escaped[i] = values[i] instanceof String string ? text(string) : values[i];
        }
        markup.append(String.format(Locale.ROOT, template, escaped));
        return this;
    }

    @Override
    public String toString() {
        return markup.toString();
    }
}
