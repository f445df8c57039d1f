package io.glossa.trainer.fuse;

import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Gathered;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.ir.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Nodes computed together by one kernel. A LOOP runs over rows × columns: pointwise nodes of that size, values per row,
 * reductions along the columns, and on some machines sums over so many lines that follow each other. A COLUMN sums the
 * middle axis of outer × length × columns. A KERNEL is one node with a kernel of its own.
 */
public final class Group {
    /** The shape of the loop nest. */
    public enum Kind {
        LOOP,
        COLUMN,
        KERNEL
    }

    /** How often an element must be needed to be worth a place in memory. */
    private static final int MANY = 8;

    private final Kind kind;
    private final Node root;
    private final List<View> views;
    private final long rows;
    private long length;
    private final long columns;
    private final Map<Node, Set<Access>> accesses = new LinkedHashMap<>();
    private final Set<Node> members = new HashSet<>();
    private final List<Node> stored = new ArrayList<>();
    private final List<Node> columnSums = new ArrayList<>();
    private final Set<Group> needs = new LinkedHashSet<>();
    private final Map<Node, Node> repeated = new HashMap<>();
    private final Needs all;
    private final int number;
    private boolean deferred;
    private boolean behindCollective;

    private Group(Needs all, Kind kind, Node root, List<View> views, long rows, long length, long columns) {
        this.all = all;
        this.number = all.enter();
        this.kind = kind;
        this.root = root;
        this.views = views;
        this.rows = rows;
        this.length = length;
        this.columns = columns;
    }

    /** @param views how it reads each input */
    static Group kernel(Needs all, Node root, List<View> views) {
        return new Group(all, Kind.KERNEL, root, views, 1, 1, 1);
    }

    /** Over the elements of a node; over those of one part of parts side by side, so that an iteration computes one of each. */
    static Group pointwise(Needs all, Node root) {
        Node part = isSideBySide(root) ? root.input(0) : root;
        int columns = 1;
        for (int dim : part.shape().dims()) {
            columns = dim == 1 ? columns : dim;
        }
        return new Group(all, Kind.LOOP, root, List.of(), part.shape().size() / columns, 1, columns);
    }

    private static boolean isSideBySide(Node node) {
        Shape part = node.op() == Op.CONCAT ? node.input(0).shape() : node.shape();
        return node.op() == Op.CONCAT
                && node.attr(Attr.Axis.class).axis() == part.rank() - 1
                && part.dim(-1) > 1
                && node.inputs().stream().allMatch(input -> input.shape().equals(part));
    }

    /** A reduction of [rows, columns] or [rows, length, columns]. */
    static Group reduction(Needs all, Node root) {
        var shape = root.input(0).shape();
        return shape.rank() == 2
                ? new Group(all, Kind.LOOP, root, List.of(), shape.dim(0), 1, shape.dim(1))
                : new Group(all, Kind.COLUMN, root, List.of(), shape.dim(0), shape.dim(1), shape.dim(2));
    }

    public Kind kind() {
        return kind;
    }

    public Node root() {
        return root;
    }

    /** How a KERNEL reads each input of its root. */
    public List<View> views() {
        return views;
    }

    public long rows() {
        return rows;
    }

    /** Extent of the summed axis of a COLUMN; of a LOOP, the lines that go into one column sum, 1 where it has none. */
    public long length() {
        return length;
    }

    public long columns() {
        return columns;
    }

    public Index row() {
        return Index.variable("r", 0, rows);
    }

    public Index step() {
        return Index.variable("k", 1, length);
    }

    public Index column() {
        return Index.variable("c", kind == Kind.COLUMN ? 2 : 1, columns);
    }

    /** Position of this iteration's element of a node of the full size. */
    public Access full() {
        return Access.of(row().times(columns).plus(column()));
    }

    /** Where this row of a node begins, whose elements an iteration computes: one place, or one for each of parts side by side. */
    public List<Index> starts(Node node) {
        long parts = node.shape().size() / (rows * columns);
        return LongStream.range(0, parts)
                .mapToObj(part -> row().times(parts * columns).plus(part * columns))
                .toList();
    }

    /** Position of this row's element of a node with one element per row. */
    public Access perRow() {
        return Access.of(row());
    }

    /** Position of what a reduction of this group reads. */
    public Access reducedAccess() {
        return kind == Kind.COLUMN
                ? Access.of(row().times(length).plus(step()).times(columns).plus(column()))
                : full();
    }

    /** Whether the node's value is computed here. */
    public boolean computes(Node node) {
        return members.contains(node);
    }

    /** What stands for the node here: where a value and its repetition meet in one kernel, the one value. */
    public Node once(Node node) {
        return repeated.getOrDefault(node, node);
    }

    /** Takes note of repetitions, given the value that each node repeats. */
    void unite(UnaryOperator<Node> original) {
        for (Node node : members) {
            Node first = original.apply(node);
            if (first != node && members.contains(first) && !stored.contains(node)) {
                repeated.put(node, first);
            }
        }
    }

    /** All that is computed here, inputs before users. */
    public List<Node> members() {
        return members.stream().sorted(Comparator.comparingInt(Node::id)).toList();
    }

    /** Whether the node is wanted at this place and no other. */
    public boolean usedOnlyAt(Node node, Access access) {
        return accesses(node).equals(Set.of(access));
    }

    /** Whether ranks do it together, beside the kernels that follow: see {@link Collectives}. */
    boolean isCollective() {
        return root.op().isCollective();
    }

    /** Whether it makes a parameter whole. */
    boolean isFetch() {
        return Gathered.is(root);
    }

    /**
     * Whether it follows from what ranks computed together. Then it computes an element by the same roundings in whichever kernel it
     * is, since a segment of a tensor may be in another than the whole.
     */
    public boolean isBehindCollective() {
        return behindCollective;
    }

    /** After those that it needs were told. */
    void findWhetherBehindCollective() {
        behindCollective =
                needs.stream().anyMatch(need -> need.isCollective() && !need.isFetch() || need.behindCollective);
    }

    /** The values in memory that this group reads. */
    public List<Node> reads() {
        return accesses.keySet().stream()
                .filter(n -> !members.contains(n) && n.op() != Op.CONSTANT)
                .toList();
    }

    /** Bytes that this group reads of a value in memory: of a large one maybe a part. */
    public long bytesRead(Node node) {
        long elements = kind == Kind.KERNEL
                ? IntStream.range(0, views.size())
                        .filter(i -> views.get(i).source() == node)
                        .mapToLong(i -> root.input(i).shape().size())
                        .sum()
                : accesses(node).size() * rows * (kind == Kind.COLUMN ? length : 1) * columns;
        return Math.min(node.type().bytes(), elements * node.type().dtype().bytes());
    }

    /** What this group needs and does not compute, so far. */
    List<Node> pending() {
        return accesses.keySet().stream().filter(n -> !members.contains(n)).toList();
    }

    /** How many values this group needs and does not compute, so far. */
    int openValues() {
        return accesses.size() - members.size();
    }

    /** Nodes whose values are kept in memory, in no order. */
    public List<Node> stored() {
        return stored;
    }

    /** The sums over lines that a LOOP computes beside its own nodes; each is stored. */
    public List<Node> columnSums() {
        return columnSums;
    }

    /** Computes in this LOOP, element by element, what a COLUMN of the same lines and columns adds up. */
    void absorb(Group column) {
        length = column.length;
        columnSums.add(column.root);
        stored.add(column.root);
        members.add(column.root);
        access(column.root.input(0), full());
        List<Node> computed = new ArrayList<>(column.members());
        Collections.reverse(computed);
        for (Node node : computed) {
            boolean read = accesses.containsKey(node) && !members.contains(node) && !column.members.contains(node);
            if (node == column.root || read) {
                continue;
            }
            members.add(node);
            for (Access access : List.copyOf(accesses(node))) {
                for (int i = 0; i < node.inputs().size(); i++) {
                    Access input = access.through(node, i);
                    if (!input.isNever()) {
                        access(node.input(i), input);
                    }
                }
            }
        }
    }

    /** Computes in this LOOP what another one over the same rows and columns does, reductions aside. */
    void absorbLoop(Group other) {
        members.addAll(other.members);
        stored.addAll(other.stored);
        other.accesses.forEach((node, all) -> all.forEach(access -> access(node, access)));
    }

    /** Whether a value that both deal with is wanted in both at the same places, so that one can stand for the other. */
    boolean agrees(Group other) {
        return accesses.keySet().stream()
                .filter(node -> members.contains(node) != other.members.contains(node))
                .filter(other.accesses::containsKey)
                .allMatch(node -> accesses(node).equals(other.accesses(node)));
    }

    /**
     * Leaves in registers what all who read it found a place beside: it is not among these values. In a LOOP with reductions
     * along its rows later stages may read it back.
     */
    void storeOnly(Set<Node> read) {
        boolean once = members.stream().allMatch(node -> node.kind() != Op.Kind.REDUCTION || columnSums.contains(node));
        if (kind == Kind.LOOP && once) {
            stored.retainAll(read);
        }
    }

    /** Takes over the needs of a group that is computed here, and its place among the groups. */
    void takePlaceOf(Group other, List<Group> groups) {
        other.needs().stream().filter(need -> need != this).forEach(this::need);
        groups.remove(other);
        groups.forEach(group -> group.replaceNeed(other, this));
    }

    /** The groups that must run before this one. */
    public Set<Group> needs() {
        return Collections.unmodifiableSet(needs);
    }

    /** Whether this runs only when its result is needed: it repeats what was computed before, or depends on no batch. */
    boolean isDeferred() {
        return deferred;
    }

    void defer() {
        deferred = true;
    }

    void need(Group other) {
        if (needs.add(other)) {
            all.add(number, other.number);
        }
    }

    /** Needs one group in place of another that it needs. */
    void replaceNeed(Group former, Group now) {
        if (needs.remove(former)) {
            need(now);
        }
    }

    Set<Access> accesses(Node node) {
        return accesses.getOrDefault(node, Set.of());
    }

    void access(Node node, Access access) {
        accesses.computeIfAbsent(node, n -> new LinkedHashSet<>()).add(access);
    }

    void member(Node node) {
        members.add(node);
    }

    /** Whether each element of a small node is computed here again and again, in the innermost loop. */
    boolean repeats(Node node) {
        return node.shape().size() * MANY <= rows * length * columns
                && accesses(node).stream().anyMatch(access -> access.at().depth() == column().depth() && columns > 1);
    }

    /** Whether this is a loop over the rows and columns of a matrix of this shape. */
    boolean isOver(Shape matrix) {
        return kind == Kind.LOOP && rows == matrix.dim(0) && columns == matrix.dim(1);
    }

    /** Whether the node can be computed here, once per element or once per row, at the very place it is used. */
    boolean fits(Node node) {
        if (kind != Kind.LOOP) {
            return false;
        }
        Set<Access> uses = accesses(node);
        long size = node.shape().size();
        if (node.kind() == Op.Kind.REDUCTION) {
            return node.input(0).shape().rank() == 2
                    && node.input(0).shape().dim(1) == columns
                    && size == rows
                    && uses.equals(Set.of(perRow()));
        }
        return size == rows * columns && uses.equals(Set.of(full())) || size == rows && uses.equals(Set.of(perRow()));
    }

    /** Whether this group needs another, directly or through others. */
    boolean reaches(Group other) {
        return all.reaches(number, other.number);
    }

    @Override
    public String toString() {
        return kind + " " + root;
    }
}
