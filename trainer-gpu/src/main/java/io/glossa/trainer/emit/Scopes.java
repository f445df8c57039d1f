package io.glossa.trainer.emit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The text of nested loops, filled in at any level: a value goes to the outermost loop in which all it depends on is
 * known, and is computed once there. Level 0 is the function's body, 1 the outer loop's, and so on.
 */
public final class Scopes {
    /** A C++ value: its text, usually a variable's name, and the level at which it is known. */
    public record Value(String text, int level) {}

    private static final class Scope {
        private final StringBuilder text = new StringBuilder();
        private final Map<Object, Value> known = new HashMap<>();
    }

    private final List<Scope> open = new ArrayList<>();
    private int names;

    public Scopes() {
        enter();
    }

    /** Opens a loop inside the innermost one. */
    public void enter() {
        open.add(new Scope());
    }

    /** Closes the innermost loop and gives its body. */
    public String leave() {
        return open.remove(open.size() - 1).text.toString();
    }

    /** What is remembered under a key in the open loops; null if nothing is. */
    public Value known(Object key) {
        for (int i = open.size() - 1; i >= 0; i--) {
            Value value = open.get(i).known.get(key);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    /** Remembers a value as long as its loop is open. */
    public void know(Object key, Value value) {
        open.get(value.level()).known.put(key, value);
    }

    /** A name that no other variable has. */
    public String name(String prefix) {
        return prefix + names++;
    }

    /** Adds a line to the body of a loop. */
    public void line(int level, String text) {
        open.get(level).text.append("    ".repeat(level + 1)).append(text).append('\n');
    }

    /** Text that is already indented, such as the body of a closed loop. */
    public void block(int level, String text) {
        open.get(level).text.append(text);
    }

    /** Declares a variable at a level and remembers it under the key. */
    Value declare(Object key, int level, String type, String prefix, String expression) {
        Value value = new Value(name(prefix), level);
        line(level, "const " + type + " " + value.text() + " = " + expression + ";");
        if (key != null) {
            know(key, value);
        }
        return value;
    }
}
