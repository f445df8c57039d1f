package io.glossa.jobs.corpus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The plain sentences of a manual page (man(7), groff_man(7)): of words alone, without options, names of files or code. */
final class ManPage {
    private static final int FEWEST_WORDS = 3;
    private static final int MOST_WORDS = 15;

    /** Macros between which nothing is running text, and what ends each. */
    private static final Map<String, String> NO_TEXT = Map.of("nf", "fi", "EX", "EE", "TS", "TE", "SY", "YS");

    private static final Set<String> WORDS = Set.of("B", "I", "SB", "SM");
    private static final Set<String> PARTS_OF_A_WORD = Set.of("BI", "BR", "IB", "IR", "RB", "RI");
    private static final Pattern ARGUMENT = Pattern.compile("\"([^\"]*)\"|(\\S+)");
    private static final Pattern FONT = Pattern.compile("\\\\f(\\[[^]]*]|\\([^ ]{2}|.)");
    private static final Pattern NOTHING = Pattern.compile("\\\\[&%/,|^:]");
    private static final Pattern BETWEEN_SENTENCES = Pattern.compile("(?<=[.!?])\\s+(?=\\p{Lu})");
    private static final Pattern PLAIN = Pattern.compile("[\\p{L}\\p{M}\\s,;:’'\"“”«»-]+[.!?]");

    private final StringBuilder paragraph = new StringBuilder();
    private final List<String> sentences = new ArrayList<>();
    private String untilMacro;

    private ManPage() {}

    /** In the order of the page. */
    static List<String> sentences(String page) {
        ManPage reading = new ManPage();
        page.lines().forEach(reading::line);
        reading.end();
        return reading.sentences;
    }

    private void line(String line) {
        boolean isMacro = line.startsWith(".") || line.startsWith("'");
        String macro = isMacro ? line.substring(1).strip().split("\\s", 2)[0] : "";
        if (untilMacro != null) {
            untilMacro = macro.equals(untilMacro) ? null : untilMacro;
        } else if (line.isBlank() || NO_TEXT.containsKey(macro)) {
            end();
            untilMacro = NO_TEXT.get(macro);
        } else if (!isMacro) {
            paragraph.append(' ').append(line);
        } else if (WORDS.contains(macro)) {
            paragraph.append(' ').append(String.join(" ", arguments(line, macro)));
        } else if (PARTS_OF_A_WORD.contains(macro)) {
            paragraph.append(' ').append(String.join("", arguments(line, macro)));
        } else if (!macro.startsWith("\\\"")) {
            end();
        }
    }

    private static List<String> arguments(String line, String macro) {
        return ARGUMENT.matcher(line.substring(line.indexOf(macro) + macro.length()))
                .results()
                .map(found -> found.group(1) != null ? found.group(1) : found.group(2))
                .toList();
    }

    private void end() {
        String text = plain(paragraph.toString());
        paragraph.setLength(0);
        Arrays.stream(BETWEEN_SENTENCES.split(text))
                .map(sentence -> sentence.strip().replaceAll("\\s+", " "))
                .filter(ManPage::isPlain)
                .forEach(sentences::add);
    }

    /** Escapes that are known; what is left of others has a backslash. */
    private static String plain(String text) {
        return NOTHING.matcher(FONT.matcher(text).replaceAll(""))
                .replaceAll("")
                .replace("\\-", "-")
                .replace("\\~", " ")
                .replace("\\ ", " ")
                .replace("\\(aq", "'")
                .replace("\\(lq", "“")
                .replace("\\(rq", "”")
                .replace("\\(oq", "‘")
                .replace("\\(cq", "’");
    }

    private static boolean isPlain(String sentence) {
        int words = sentence.split(" ").length;
        return words >= FEWEST_WORDS
                && words <= MOST_WORDS
                && Character.isUpperCase(sentence.codePointAt(0))
                && PLAIN.matcher(sentence).matches();
    }
}
