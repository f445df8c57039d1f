package io.glossa.trainer.objective;

import io.glossa.error.GlossaException;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A pattern of whole names of parameters: {@code *} is anything but a dot, {@code **} anything, {@code {2..5}} one of these numbers;
 * all else is itself. {@code encoder.blocks.{0..3}.**} is all of the first four blocks.
 */
public final class NamePattern {
    private static final Pattern PIECE = Pattern.compile("\\*\\*|\\*|\\{(\\d{1,4})\\.\\.(\\d{1,4})}|[A-Za-z0-9_.-]");

    private final String text;
    private final Pattern expression;

    /** @throws GlossaException of type USER if it is none */
    public NamePattern(String text) {
        this.text = text;
        expression = expression(text);
    }

    String text() {
        return text;
    }

    /** Whether a name is as this says. */
    public boolean matches(String name) {
        return expression.matcher(name).matches();
    }

    private static Pattern expression(String text) {
        StringBuilder expression = new StringBuilder();
        Matcher pieces = PIECE.matcher(text);
        int at = 0;
        while (pieces.lookingAt()) {
            expression.append(piece(text, pieces.toMatchResult()));
            at = pieces.end();
            pieces.region(at, text.length());
        }
        if (text.isEmpty() || at < text.length()) {
            throw refusal(text, text.isEmpty() ? "nothing" : "'" + text.substring(at) + "'");
        }
        return Pattern.compile(expression.toString());
    }

    private static String piece(String text, MatchResult piece) {
        if (piece.group(1) != null) {
            int first = Integer.parseInt(piece.group(1));
            int last = Integer.parseInt(piece.group(2));
            if (first > last) {
                throw refusal(text, piece.group());
            }
            return IntStream.rangeClosed(first, last)
                    .mapToObj(Integer::toString)
                    .collect(Collectors.joining("|", "(?:", ")"));
        }
        return switch (piece.group()) {
            case "**" -> ".*";
            case "*" -> "[^.]*";
            default -> Pattern.quote(piece.group());
        };
    }

    private static GlossaException refusal(String text, String found) {
        return GlossaException.user("Cannot choose parameters by '" + text + "': found " + found
                + ", expected letters, digits, dots, *, ** and {FIRST..LAST} (such as encoder.blocks.{0..3}.**)");
    }
}
