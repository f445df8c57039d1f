package io.glossa.trainer.emit;

import io.glossa.trainer.emit.Scopes.Value;
import io.glossa.trainer.fuse.Access;
import io.glossa.trainer.fuse.Group;
import io.glossa.trainer.fuse.Index;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The values that a kernel computes and reads, as C++ at the right depth of its loops. */
public class Expressions {
    /** Rows up to this long may read zeros instead of what lies outside a tensor. */
    private static final int ZEROS = 8192;

    private record Use(Node node, Access access) {}

    private final Group group;
    private final Map<Node, Node> inPlace;
    private final Scopes scopes;
    private final int inner;
    private final Map<Node, String> pointers = new LinkedHashMap<>();
    private final Map<Long, String> numbers = new LinkedHashMap<>();
    private final List<Argument> arguments = new ArrayList<>();
    private final StringBuilder prologue = new StringBuilder();
    private final Set<Node> written = new HashSet<>();
    private final Map<Node, String> rows = new HashMap<>();

    /** @param inPlace stored nodes that take over an input's memory */
    public Expressions(Group group, Map<Node, Node> inPlace, Scopes scopes, int inner) {
        this.group = group;
        this.inPlace = inPlace;
        this.scopes = scopes;
        this.inner = inner;
    }

    public List<Argument> arguments() {
        return arguments;
    }

    /** Declarations of the kernel's arguments. */
    public String prologue() {
        return prologue.toString();
    }

    /** A number that is an argument of the kernel. */
    public String number(long value) {
        return isLiteral(value)
                ? Long.toString(value)
                : numbers.computeIfAbsent(
                        value, v -> argument("n", "const " + integer(), new Argument.Number(v), "a[%d]"));
    }

    /** Whether a number stands in the text itself: one more function for each, known when it is compiled. */
    protected boolean isLiteral(long value) {
        return value == 0 || value == 1;
    }

    /** The type of numbers and positions. */
    protected String integer() {
        return "int64_t";
    }

    /** The variable that points to a node's memory. */
    public String pointer(Node node) {
        Node place = inPlace.getOrDefault(node, node);
        String type = (group.stored().contains(node) ? "" : "const ")
                + place.type().dtype().cpp() + "*";
        boolean shared = inPlace.containsKey(node) || inPlace.containsValue(node);
        return pointers.computeIfAbsent(
                place,
                p -> argument(
                        "p",
                        shared ? p.type().dtype().cpp() + "* const" : type + " __restrict const",
                        new Argument.Buffer(p, 0),
                        "(" + type.replace("const ", "") + ")a[%d]"));
    }

    private String argument(String prefix, String type, Argument argument, String from) {
        String name = prefix + arguments.size();
        prologue.append("    ")
                .append(type)
                .append(' ')
                .append(name)
                .append(" = ")
                .append(String.format(Locale.ROOT, from, arguments.size()))
                .append(";\n");
        arguments.add(argument);
        return name;
    }

    /** From now on the node is read back from memory. */
    public void wrote(Node node) {
        written.add(node);
    }

    /** From now on the node is read back from this array over the columns. */
    void inRow(Node node, String array) {
        rows.put(node, array);
    }

    /** The result of a reduction of this row is in this variable. */
    public void settled(Node reduction, String variable) {
        scopes.know(new Use(reduction, group.perRow()), new Value(variable, 1));
    }

    public Value value(Node wanted, Access access) {
        Node node = group.once(wanted);
        if (access.isNever()) {
            return new Value("0", 0);
        }
        if (rows.containsKey(node)) {
            return new Value(rows.get(node) + "[c]", inner);
        }
        Use use = new Use(node, access);
        Value known = scopes.known(use);
        if (known != null) {
            return known;
        }
        if (node.op() != Op.CONSTANT && (!group.computes(node) || written.contains(node))) {
            return load(use.node(), use.access());
        }
        return switch (node.op()) {
            case CONSTANT -> {
                var constant = node.attr(Attr.Number.class);
                yield new Value(CppText.literal(constant.value(), constant.dtype()), 0);
            }
            case RESHAPE, PERMUTE, EXPAND, SLICE, SAVED -> value(node.input(0), access.through(node, 0));
            case PAD, SHEAR, SHARD -> insideOr(new Value("0", 0), use, 0);
            case CONCAT -> {
                Value chosen = new Value("0", 0);
                for (int i = node.inputs().size() - 1; i >= 0; i--) {
                    if (!access.through(node, i).isNever()) {
                        chosen = insideOr(chosen, use, i);
                    }
                }
                yield chosen;
            }
            case IOTA -> {
                Index at = access.at().mod(node.shape().dim(-1));
                yield declare(use, level(at), "(int32_t)(" + cpp(at) + ")");
            }
            case RANDOM_UNIFORM -> {
                Value seed = value(node.input(0), Access.of(Index.of(0)));
                long part = node.shape().size() / node.input(1).shape().size();
                Value stream = value(node.input(1), Access.of(access.at().div(part)));
                String purpose = number(node.attr(Attr.Random.class).purpose());
                yield declare(
                        use,
                        level(access.at()),
                        "gl_uniform(" + seed.text() + ", " + stream.text() + ", " + purpose + ", "
                                + cpp(access.at().mod(part)) + ")");
            }
            default -> {
                int level = 0;
                List<String> inputs = new ArrayList<>();
                for (int i = 0; i < node.inputs().size(); i++) {
                    Value input = value(node.input(i), access.through(node, i));
                    inputs.add(input.text());
                    level = Math.max(level, input.level());
                }
                yield declare(
                        use,
                        level,
                        group.isBehindCollective() ? CppText.exact(node, inputs) : CppText.of(node, inputs));
            }
        };
    }

    /** Declares an element's value, to be found again. */
    protected Value declare(Node node, Access access, int level, String expression) {
        return declare(new Use(node, access), level, expression);
    }

    private Value declare(Use use, int level, String expression) {
        return scopes.declare(use, level, CppText.register(use.node().type().dtype()), "v", expression);
    }

    /** The value of an input where the guards of this movement hold, else the other. */
    private Value insideOr(Value other, Use use, int input) {
        Access inside = use.access().through(use.node(), input);
        Value value = value(use.node().input(input), inside);
        if (inside.guards().equals(use.access().guards())
                || other.text().equals("0") && isLoad(use.node().input(input))) {
            return value;
        }
        Value guard = guard(inside.guards());
        return scopes.declare(
                null,
                Math.max(Math.max(value.level(), guard.level()), other.level()),
                CppText.register(use.node().type().dtype()),
                "v",
                guard.text() + " ? " + value.text() + " : " + other.text());
    }

    private boolean isLoad(Node node) {
        Node source = node;
        while (source.kind() == Op.Kind.MOVEMENT && source.op() != Op.CONCAT && group.computes(source)) {
            source = source.input(0);
        }
        return (!group.computes(source) || written.contains(source)) && source.op() != Op.CONSTANT;
    }

    /** The value of an element in memory. */
    protected Value load(Node node, Access access) {
        Use use = new Use(node, access);
        String pointer = pointer(node);
        Index at = access.at();
        int level = level(node, at);
        DType dtype = node.type().dtype();
        if (access.guards().isEmpty()) {
            String element = (level < inner ? pointer + "[" + cpp(at) : row(node, at, null) + "[" + step(at)) + "]";
            return declare(use, level, CppText.load(dtype, element));
        }
        Value guard = guard(access.guards());
        boolean contiguous = at.stride(group.column()).orElse(0) == 1 && group.columns() <= ZEROS;
        if (level == inner && guard.level() < inner && contiguous && dtype == DType.F32) {
            return declare(use, level, row(node, at, guard) + "[" + step(at) + "]");
        }
        String element = CppText.load(dtype, pointer + "[" + cpp(at) + "]");
        return declare(use, Math.max(level, guard.level()), guard.text() + " ? " + element + " : 0");
    }

    /** A pointer to where this row of a tensor starts, or to zeros where the guard fails. */
    private String row(Node node, Index at, Value guard) {
        Index base = start(at);
        if (base == null) {
            return pointer(node);
        }
        int level = Math.max(level(base), guard == null ? 0 : guard.level());
        Object key = List.of(node, base, guard == null ? "" : guard.text());
        Value known = scopes.known(key);
        if (known != null) {
            return known.text();
        }
        String type = node.type().dtype().cpp() + "* __restrict";
        String address = pointer(node) + " + (" + cpp(base) + ")";
        return scopes.declare(
                        key, level, type, "q", guard == null ? address : guard.text() + " ? " + address + " : gl_zeros")
                .text();
    }

    private String step(Index at) {
        Index base = start(at);
        return cpp(base == null ? at : at.plus(base.times(-1)));
    }

    /** What is left of a position without its multiple of the column; null where it depends on it otherwise. */
    private Index start(Index at) {
        var stride = at.stride(group.column());
        return stride.isEmpty() ? null : at.plus(group.column().times(-stride.getAsLong()));
    }

    protected Value guard(List<Access.Guard> guards) {
        Value known = scopes.known(guards);
        if (known != null) {
            return known;
        }
        List<String> tests = new ArrayList<>();
        int level = 0;
        for (Access.Guard guard : guards) {
            String at = cpp(guard.value());
            tests.add("(" + at + ") >= 0 && (" + at + ") < " + number(guard.extent()));
            level = Math.max(level, level(guard.value()));
        }
        return scopes.declare(guards, level, "bool", "g", String.join(" && ", tests));
    }

    public String cpp(Index index) {
        return index.cpp(this::number);
    }

    /** How deep in the loops a node's memory can be read: what this kernel writes itself, inside the loop over rows only. */
    protected int level(Node node, Index at) {
        return Math.max(level(at), written.contains(node) ? 1 : 0);
    }

    /** How deep in the loops all that an index depends on is known. */
    protected int level(Index index) {
        return index.depth() + 1;
    }
}
