package io.glossa.trainer.ir;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A parameter of which each rank has a segment, made whole for those that read it: an ALL_GATHER of the segment, or of the segment
 * rounded. It is there before the batch is, costs no arithmetic, and is made again rather than kept.
 */
public final class Gathered {
    /** A path up to its first number, as in "encoder.blocks.3". */
    private static final Pattern NUMBERED = Pattern.compile("(?:[^.]+\\.)*?\\d+(?=\\.)");

    private Gathered() {}

    /** Whether a node makes a parameter whole. */
    public static boolean is(Node node) {
        return node.op() == Op.ALL_GATHER && isParameter(source(node));
    }

    /** The name of the parameter that a node makes whole. */
    public static String parameter(Node gathered) {
        return source(gathered).attr(Attr.Input.class).name();
    }

    /** What a parameter is part of, by its path: a block, where blocks are numbered, else what its tensor belongs to. */
    public static String layer(String parameter) {
        Matcher numbered = NUMBERED.matcher(parameter);
        return numbered.lookingAt()
                ? numbered.group()
                : parameter.substring(0, Math.max(0, parameter.lastIndexOf('.')));
    }

    private static Node source(Node gathered) {
        Node source = gathered.input(0);
        while (source.op() == Op.RESHAPE || source.op() == Op.SAVED || source.op() == Op.CAST) {
            source = source.input(0);
        }
        return source;
    }

    private static boolean isParameter(Node node) {
        return node.op() == Op.INPUT && node.attr(Attr.Input.class).role() == Attr.Role.PARAMETER;
    }
}
