package io.glossa.trainer.lower;

import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Gathered;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.ir.Type;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Finds products of BF16 matrices of one shape that can be one product.
 *
 * <p>Products x · wᵢ of one left operand, if loops, and kernels that take rows that lie apart, alone read them and meet before
 * anything else does, or if one loop can make all right operands: what is joined is in memory at the same time. Sums of
 * products dyᵢ · wᵢᵀ, if one loop can make all dyᵢ, and wᵢ are there before the batch is.
 */
final class SharedOperands {
    /** Products of one left operand, and their right operands, in order. */
    record Sharing(List<Node> products, List<Node> right) {}

    /**
     * A sum of products and of other terms.
     *
     * @param left operands [N, n], in order
     * @param turned what the right operands are transposes of, [d, n]
     * @param others terms that are added to the products
     */
    record Sum(Node product, List<Node> left, List<Node> turned, List<Node> others) {}

    /** Operands and result of one type, and operands that are there at one time: those of one list need nothing of each other. */
    private record Kind(Node left, Type first, Type second, Type result, int firstLevel, int secondLevel) {}

    private final KernelLevels levels;
    private final Set<Node> batched = new HashSet<>();
    private final Map<Node, List<Node>> users = new HashMap<>();
    private final Set<Node> named;

    /** Products that are joined. */
    private final Set<Node> taken = new HashSet<>();

    private final Map<Set<Node>, List<Node>> orders = new HashMap<>();
    private final List<Sharing> sharing = new ArrayList<>();
    private final Map<Node, Sum> sums = new LinkedHashMap<>();

    SharedOperands(Graph graph, List<Node> nodes, KernelLevels levels) {
        this.levels = levels;
        named = new HashSet<>(graph.roots());
        named.addAll(graph.gradients().values());
        Map<Kind, List<Node>> alike = new LinkedHashMap<>();
        for (Node node : nodes) {
            node.inputs()
                    .forEach(in ->
                            users.computeIfAbsent(in, n -> new ArrayList<>()).add(node));
            boolean batch = node.op() == Op.INPUT && node.attr(Attr.Input.class).role() == Attr.Role.BATCH;
            if (batch || node.inputs().stream().anyMatch(batched::contains)) {
                batched.add(node);
            }
            if (isProduct(node)) {
                alike.computeIfAbsent(kind(node, node.input(0)), k -> new ArrayList<>())
                        .add(node);
            }
        }
        List<List<Node>> several =
                alike.values().stream().filter(products -> products.size() > 1).toList();
        several.stream().filter(this::meet).forEach(this::share);
        nodes.stream().filter(this::isWhole).forEach(this::sum);
        several.stream()
                .filter(products -> haveOneSource(right(products))
                        && products.stream()
                                .noneMatch(product ->
                                        taken.contains(product) || isBiased(product) || feedsKernel(product)))
                .forEach(this::share);
    }

    List<Sharing> sharing() {
        return sharing;
    }

    /** By the last addition of each. */
    Map<Node, Sum> sums() {
        return sums;
    }

    /** All lists of operands that are joined. */
    List<List<Node>> joined() {
        return List.copyOf(orders.values());
    }

    private Kind kind(Node product, Node left) {
        Node first = product.input(0);
        Node second = product.input(1);
        return new Kind(left, first.type(), second.type(), product.type(), levels.of(first), levels.of(second));
    }

    private void share(List<Node> products) {
        taken.addAll(products);
        Map<Node, Node> byRight = products.stream().collect(Collectors.toMap(p -> p.input(1), p -> p));
        List<Node> right = orders.computeIfAbsent(byRight.keySet(), SharedOperands::byId);
        sharing.add(new Sharing(right.stream().map(byRight::get).toList(), right));
    }

    /**
     * Whether the right operands are there before the batch is, and loops and kernels that take parts alone read the products,
     * one of them all.
     */
    private boolean meet(List<Node> products) {
        Set<Node> common = null;
        for (Node product : products) {
            boolean late = product.inputs().stream().skip(1).anyMatch(batched::contains)
                    || isBiased(product) && levels.of(product.input(2)) >= levels.of(product);
            if (late || feedsKernel(product)) {
                return false;
            }
            Set<Node> reached = reached(product);
            if (common != null) {
                reached.retainAll(common);
            }
            common = reached;
        }
        return !common.isEmpty();
    }

    /** The elementwise nodes, and the kernels that take parts, that a value gets to without another kernel or a reduction. */
    private Set<Node> reached(Node from) {
        Set<Node> reached = new HashSet<>();
        List<Node> stack = new ArrayList<>(List.of(from));
        while (!stack.isEmpty()) {
            for (Node user : users.getOrDefault(stack.remove(stack.size() - 1), List.of())) {
                if (isLoop(user) && reached.add(user)) {
                    stack.add(user);
                } else if (user.inputs().stream().anyMatch(input -> takesPart(user, input))) {
                    reached.add(user);
                }
            }
        }
        reached.removeIf(node -> node.kind() == Op.Kind.MOVEMENT);
        return reached;
    }

    /** Whether a kernel takes this input of its own as a part of longer rows. */
    private static boolean takesPart(Node kernel, Node input) {
        return kernel.op() == Op.CALL
                && IntStream.range(0, kernel.inputs().size())
                        .filter(i -> kernel.input(i) == input)
                        .allMatch(kernel.attr(Attr.Call.class).composite()::readsRowsApart);
    }

    /** Whether a kernel of its own reads a value, or a view of it, and not as a part. */
    private boolean feedsKernel(Node node) {
        return named.contains(node) && users.getOrDefault(node, List.of()).isEmpty()
                || users.getOrDefault(node, List.of()).stream()
                        .anyMatch(user -> user.kind() == Op.Kind.KERNEL && !takesPart(user, node)
                                || user.kind() == Op.Kind.MOVEMENT && feedsKernel(user));
    }

    /** Whether values of one size come elementwise from one kernel's result of that size or more, so that a loop can make all. */
    private static boolean haveOneSource(List<Node> values) {
        Set<Node> common = sources(values.get(0));
        values.stream().skip(1).forEach(value -> common.retainAll(sources(value)));
        return !common.isEmpty();
    }

    private static Set<Node> sources(Node value) {
        Set<Node> seen = new HashSet<>(Set.of(value));
        Set<Node> sources = new HashSet<>();
        List<Node> stack = new ArrayList<>(seen);
        while (!stack.isEmpty()) {
            Node node = stack.remove(stack.size() - 1);
            if (isLoop(node)) {
                node.inputs().stream().filter(seen::add).forEach(stack::add);
            } else if (node.kind() == Op.Kind.KERNEL
                    && node.shape().size() >= value.shape().size()) {
                sources.add(node);
            }
        }
        return sources;
    }

    /** Whether this is the last of some additions. */
    private boolean isWhole(Node node) {
        return node.op() == Op.ADD && !(isPart(node) && users.get(node).get(0).op() == Op.ADD);
    }

    private boolean isPart(Node node) {
        return users.getOrDefault(node, List.of()).size() == 1 && !named.contains(node);
    }

    private void sum(Node whole) {
        Map<Kind, List<Node>> alike = new LinkedHashMap<>();
        List<Node> terms = new ArrayList<>();
        List<Node> stack = new ArrayList<>(List.of(whole.input(1), whole.input(0)));
        while (!stack.isEmpty()) {
            Node term = stack.remove(stack.size() - 1);
            if (term.op() == Op.ADD && isPart(term)) {
                stack.add(term.input(1));
                stack.add(term.input(0));
                continue;
            }
            terms.add(term);
            if (isTerm(term)) {
                alike.computeIfAbsent(kind(term.input(0), null), k -> new ArrayList<>())
                        .add(term);
            }
        }
        alike.values().stream().filter(same -> same.size() > 1).findFirst().ifPresent(same -> sum(whole, same, terms));
    }

    private void sum(Node whole, List<Node> same, List<Node> terms) {
        Map<Node, Node> byWeight = new LinkedHashMap<>();
        same.forEach(term ->
                byWeight.put(term.input(0).input(1).input(0), term.input(0).input(0)));
        Set<Node> left = new HashSet<>(byWeight.values());
        if (byWeight.size() < same.size() || left.size() < same.size() || !haveOneSource(List.copyOf(left))) {
            return;
        }
        List<Node> turned = orders.getOrDefault(byWeight.keySet(), byId(byWeight.keySet()));
        List<Node> inOrder = turned.stream().map(byWeight::get).toList();
        if (orders.getOrDefault(left, inOrder).equals(inOrder)) {
            orders.put(Set.copyOf(byWeight.keySet()), turned);
            orders.put(left, inOrder);
            List<Node> others =
                    terms.stream().filter(term -> !same.contains(term)).toList();
            sums.put(whole, new Sum(same.get(0).input(0), inOrder, turned, others));
        }
    }

    /** A product by the transpose of what is there before the batch is, made wider, and read by one addition alone. */
    private boolean isTerm(Node term) {
        if (term.op() != Op.CAST
                || !isPart(term)
                || !isProduct(term.input(0))
                || isBiased(term.input(0))
                || !isPart(term.input(0))
                || taken.contains(term.input(0))) {
            return false;
        }
        Node right = term.input(0).input(1);
        return right.op() == Op.PERMUTE && !isMoved(right.input(0)) && !batched.contains(right);
    }

    private static boolean isMoved(Node weight) {
        Node source = weight;
        while (source.op() == Op.RESHAPE || source.op() == Op.SLICE) {
            source = source.input(0);
        }
        return weight.kind() == Op.Kind.MOVEMENT && !Gathered.is(source);
    }

    private static boolean isProduct(Node node) {
        return node.op() == Op.MATMUL
                && node.shape().rank() == 2
                && node.input(0).type().dtype() == DType.BF16;
    }

    /** Whether a product adds a vector itself, its third input. */
    static boolean isBiased(Node product) {
        return product.inputs().size() == 3;
    }

    private static boolean isLoop(Node node) {
        return node.kind() == Op.Kind.POINTWISE || node.kind() == Op.Kind.MOVEMENT;
    }

    private static List<Node> right(List<Node> products) {
        return products.stream().map(product -> product.input(1)).toList();
    }

    private static List<Node> byId(Set<Node> nodes) {
        return nodes.stream().sorted(Comparator.comparingInt(Node::id)).toList();
    }
}
