package io.glossa.trainer.emit;

import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The C++ expression of each pointwise primitive. One row per primitive. */
public final class CppText {
    private static final Map<Op, String> TEXT = new EnumMap<>(Op.class);

    static {
        TEXT.put(Op.NEG, "-%s");
        TEXT.put(Op.ABS, "gl_abs(%s)");
        TEXT.put(Op.EXP, "gl_exp(%s)");
        TEXT.put(Op.LOG, "gl_log(%s)");
        TEXT.put(Op.SQRT, "sqrtf(%s)");
        TEXT.put(Op.RECIPROCAL, "1.0f / %s");
        TEXT.put(Op.SIN, "gl_sin(%s)");
        TEXT.put(Op.COS, "gl_cos(%s)");
        TEXT.put(Op.FLOOR, "floorf(%s)");
        TEXT.put(Op.NOT, "!%s");
        TEXT.put(Op.ADD, "%s + %s");
        TEXT.put(Op.SUB, "%s - %s");
        TEXT.put(Op.MUL, "%s * %s");
        TEXT.put(Op.DIV, "%s / %s");
        TEXT.put(Op.MAXIMUM, "gl_max(%s, %s)");
        TEXT.put(Op.MINIMUM, "gl_min(%s, %s)");
        TEXT.put(Op.LESS, "%s < %s");
        TEXT.put(Op.EQUAL, "%s == %s");
        TEXT.put(Op.AND, "%s & %s");
        TEXT.put(Op.OR, "%s | %s");
        TEXT.put(Op.WHERE, "%s ? %s : %s");
        TEXT.put(Op.ROUND_RANDOMLY, "gl_round_randomly(%s, %s)");
    }

    private CppText() {}

    static boolean covers(Op op) {
        return op == Op.CAST || TEXT.containsKey(op);
    }

    static String of(Node node, List<String> arguments) {
        if (node.op() == Op.CAST) {
            DType to = node.attr(Attr.Cast.class).dtype();
            return switch (to) {
                case BOOL -> arguments.get(0) + " != 0";
                case BF16 -> "gl_round(" + arguments.get(0) + ")";
                case F8 -> "gl_round_f8(" + arguments.get(0) + ")";
                default -> "(" + register(to) + ")" + arguments.get(0);
            };
        }
        return String.format(Locale.ROOT, TEXT.get(node.op()), arguments.toArray());
    }

    /** As above; a product is rounded before anything is added to it. */
    static String exact(Node node, List<String> arguments) {
        return node.op() == Op.MUL ? "gl_mul(" + String.join(", ", arguments) + ")" : of(node, arguments);
    }

    /** The type in which a value is computed; BOOL as 0 or 1, BF16 and F8 as the F32 of the same value. */
    public static String register(DType dtype) {
        return dtype.isFloat() ? "float" : "int32_t";
    }

    /** A register from memory. */
    public static String load(DType dtype, String element) {
        return dtype.isFloat() && dtype != DType.F32 ? "gl_widen(" + element + ")" : element;
    }

    /** Memory from a register. */
    static String store(DType dtype, String value) {
        return dtype == DType.BF16 ? "gl_narrow(" + value + ")" : value;
    }

    static String literal(double value, DType dtype) {
        if (dtype != DType.F32) {
            return Long.toString((long) value);
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "INFINITY" : "-INFINITY";
        }
        String text = Float.toString((float) value) + "f";
        return value < 0 ? "(" + text + ")" : text;
    }

    /** Where a maximum starts. */
    public static String lowest(Node node) {
        return node.type().dtype() == DType.F32 ? "-INFINITY" : "INT32_MIN";
    }
}
