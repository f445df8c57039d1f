package io.glossa.trainer.fuse;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;

/**
 * An integer expression over loop variables: a constant plus multiples of variables, quotients and remainders. Where an
 * element lies is such an expression; simplification turns "delinearise, move, linearise" back into strides.
 *
 * <p>Expressions are only evaluated where they are not negative (guards see to that), so that C++ division is exact.
 */
public final class Index {
    private final TreeMap<Atom, Long> terms;
    private final long constant;

    /** A variable, quotient or remainder, with the range of its values. */
    sealed interface Atom extends Comparable<Atom> {
        long max();

        String key();

        @Override
        default int compareTo(Atom other) {
            return key().compareTo(other.key());
        }
    }

    record Variable(String key, int depth, long extent) implements Atom {
        @Override
        public long max() {
            return extent - 1;
        }
    }

    record Quotient(Index of, long by, String key) implements Atom {
        @Override
        public long max() {
            return Math.max(0, of.max() / by);
        }
    }

    record Remainder(Index of, long by, String key) implements Atom {
        @Override
        public long max() {
            return by - 1;
        }
    }

    private Index(TreeMap<Atom, Long> terms, long constant) {
        this.terms = terms;
        this.constant = constant;
    }

    public static Index of(long constant) {
        return new Index(new TreeMap<>(), constant);
    }

    /** A loop variable in [0, extent); depth orders loops, outermost first. */
    public static Index variable(String name, int depth, long extent) {
        return extent == 1 ? of(0) : single(new Variable(name, depth, extent), 1);
    }

    private static Index single(Atom atom, long factor) {
        TreeMap<Atom, Long> terms = new TreeMap<>();
        terms.put(atom, factor);
        return new Index(terms, 0);
    }

    public Index plus(long number) {
        return number == 0 ? this : new Index(terms, constant + number);
    }

    public Index plus(Index other) {
        TreeMap<Atom, Long> sum = new TreeMap<>(terms);
        other.terms.forEach((atom, factor) -> sum.merge(atom, factor, Long::sum));
        sum.values().removeIf(factor -> factor == 0);
        return new Index(sum, constant + other.constant).joined();
    }

    public Index times(long factor) {
        if (factor == 0) {
            return of(0);
        }
        TreeMap<Atom, Long> product = new TreeMap<>();
        terms.forEach((atom, f) -> product.put(atom, f * factor));
        return new Index(product, constant * factor);
    }

    /** Quotient rounded down. */
    public Index div(long by) {
        if (by == 1) {
            return this;
        }
        Index whole = multiplesOf(by);
        Index rest = plus(whole.times(-1));
        Index quotient = whole.dividedExactly(by);
        if (rest.min() >= 0 && rest.max() < by) {
            return quotient;
        }
        long unit = rest.unit(by);
        if (unit > 1) {
            return quotient.plus(rest.atLeast(unit).dividedExactly(unit).div(by / unit));
        }
        if (rest.terms.size() == 1
                && rest.constant == 0
                && rest.terms.firstEntry().getValue() == 1
                && rest.terms.firstKey() instanceof Quotient inner) {
            return quotient.plus(inner.of().div(inner.by() * by));
        }
        return quotient.plus(single(new Quotient(rest, by, "(" + rest + ")/" + by), 1));
    }

    /** Remainder. */
    public Index mod(long by) {
        Index rest = plus(multiplesOf(by).times(-1));
        if (rest.min() >= 0 && rest.max() < by) {
            return rest;
        }
        long unit = rest.unit(by);
        if (unit > 1) {
            Index large = rest.atLeast(unit);
            Index remainder = large.dividedExactly(unit).mod(by / unit).times(unit);
            return remainder.plus(rest.plus(large.times(-1)));
        }
        return single(new Remainder(rest, by, "(" + rest + ")%" + by), 1);
    }

    /**
     * A divisor of by, above 1, that divides the factors of some terms while the others add up to less than it: then
     * x div by = (those terms / unit) div (by / unit). 1 where there is none.
     */
    private long unit(long by) {
        for (long unit : terms.values()) {
            if (unit > 1 && by % unit == 0) {
                Index small = plus(atLeast(unit).times(-1));
                if (small.min() >= 0 && small.max() < unit) {
                    return unit;
                }
            }
        }
        return 1;
    }

    /** The part whose factors are multiples of this unit. */
    private Index atLeast(long unit) {
        TreeMap<Atom, Long> large = new TreeMap<>();
        terms.forEach((atom, factor) -> {
            if (factor % unit == 0) {
                large.put(atom, factor);
            }
        });
        return new Index(large, 0);
    }

    private Index multiplesOf(long by) {
        TreeMap<Atom, Long> whole = new TreeMap<>();
        terms.forEach((atom, factor) -> {
            if (factor % by == 0) {
                whole.put(atom, factor);
            }
        });
        return new Index(whole, Math.floorDiv(constant, by) * by);
    }

    private Index dividedExactly(long by) {
        TreeMap<Atom, Long> quotient = new TreeMap<>();
        terms.forEach((atom, factor) -> quotient.put(atom, factor / by));
        return new Index(quotient, constant / by);
    }

    /** f·(x mod m) + f·m·(x div m) = f·x, where x may itself be a quotient. */
    private Index joined() {
        for (Map.Entry<Atom, Long> entry : terms.entrySet()) {
            if (!(entry.getKey() instanceof Remainder part)) {
                continue;
            }
            Index quotient = part.of().div(part.by());
            if (quotient.terms.size() != 1 || quotient.constant != 0) {
                continue;
            }
            Atom upper = quotient.terms.firstKey();
            long factor = entry.getValue();
            if (quotient.terms.get(upper) == 1 && terms.getOrDefault(upper, 0L) == factor * part.by()) {
                TreeMap<Atom, Long> rest = new TreeMap<>(terms);
                rest.remove(part);
                rest.remove(upper);
                return new Index(rest, constant).plus(part.of().times(factor));
            }
        }
        return this;
    }

    long min() {
        long min = constant;
        for (Map.Entry<Atom, Long> term : terms.entrySet()) {
            min += Math.min(0, term.getValue() * term.getKey().max());
        }
        return min;
    }

    long max() {
        long max = constant;
        for (Map.Entry<Atom, Long> term : terms.entrySet()) {
            max += Math.max(0, term.getValue() * term.getKey().max());
        }
        return max;
    }

    /** The depth of the innermost variable that this depends on; -1 for a constant. */
    public int depth() {
        int depth = -1;
        for (Atom atom : terms.keySet()) {
            depth = Math.max(depth, depth(atom));
        }
        return depth;
    }

    private static int depth(Atom atom) {
        if (atom instanceof Variable variable) {
            return variable.depth();
        }
        return atom instanceof Quotient q
                ? q.of().depth()
                : ((Remainder) atom).of().depth();
    }

    /** The multiple of a variable, where that is all that depends on it; else empty. */
    public OptionalLong stride(Index variable) {
        if (variable.terms.isEmpty()) {
            return OptionalLong.of(0);
        }
        Variable wanted = (Variable) variable.terms.firstKey();
        for (Atom atom : terms.keySet()) {
            if (!(atom instanceof Variable) && atom.key().contains(wanted.key())) {
                return OptionalLong.empty();
            }
        }
        return OptionalLong.of(terms.getOrDefault(wanted, 0L));
    }

    public long constant() {
        return constant;
    }

    /** Whether this is a multiple of a number wherever it is evaluated, as far as its factors tell. */
    public boolean isMultipleOf(long number) {
        return constant % number == 0 && terms.values().stream().allMatch(factor -> factor % number == 0);
    }

    /** The value at one point of the iteration space; a variable's value is found by its name. */
    long at(ToLongFunction<String> variables) {
        long value = constant;
        for (Map.Entry<Atom, Long> term : terms.entrySet()) {
            Atom atom = term.getKey();
            long of = atom instanceof Variable variable
                    ? variables.applyAsLong(variable.key())
                    : atom instanceof Quotient q
                            ? q.of().at(variables) / q.by()
                            : ((Remainder) atom).of().at(variables) % ((Remainder) atom).by();
            value += term.getValue() * of;
        }
        return value;
    }

    /** C++ text; the numbers other than 0 and 1 go through the given function, which may name kernel arguments. */
    public String cpp(LongFunction<String> number) {
        List<String> parts = new ArrayList<>();
        terms.forEach((atom, factor) -> {
            String text = atom instanceof Variable
                    ? atom.key()
                    : atom instanceof Quotient q
                            ? "(" + q.of().cpp(number) + ") / " + number.apply(q.by())
                            : "(" + ((Remainder) atom).of().cpp(number) + ") % "
                                    + number.apply(((Remainder) atom).by());
            parts.add(factor == 1 ? text : number.apply(factor) + " * (" + text + ")");
        });
        if (constant != 0 || parts.isEmpty()) {
            parts.add(constant == 0 ? "0" : number.apply(constant));
        }
        return String.join(" + ", parts);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Index index && constant == index.constant && terms.equals(index.terms);
    }

    @Override
    public int hashCode() {
        return terms.hashCode() * 31 + Long.hashCode(constant);
    }

    @Override
    public String toString() {
        return cpp(Long::toString);
    }
}
