package io.glossa.trainer.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.error.GlossaException;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Builder;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.ir.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OrderTest {
    private final Builder builder = new Builder();
    private final Needs all = new Needs();
    private final Map<Node, Group> home = new HashMap<>();
    private final Node x = builder.input("x", Attr.Role.BATCH, Type.f32(1, 16));

    @Test
    void nothingRunsBeforeItCanBeUsed() {
        Group early = group(Op.EXP, x);
        Group first = group(Op.SIN, x);
        Group second = group(Op.COS, first.root());
        Group both = group(Op.ADD, early.root(), second.root());

        assertThat(order(both, early, first, second)).containsExactly(first, second, early, both);
    }

    @Test
    void whatFreesMemoryRunsFirst() {
        Node y = builder.input("y", Attr.Role.BATCH, Type.f32(1000, 16));
        Group grows = group(Op.EXP, x);
        Group exp = group(Op.EXP, y);
        Group shrinks = group(new Attr.Axes(List.of(0)), Op.SUM, exp.root());
        Group last = group(Op.MUL, grows.root(), shrinks.root());

        assertThat(order(last, exp, grows, shrinks)).containsExactly(exp, shrinks, grows, last);
    }

    @Test
    void aDeferredGroupRunsRightBeforeTheFirstThatNeedsIt() {
        Node w = builder.input("w", Attr.Role.PARAMETER, Type.f32(1, 16));
        Group scale = deferred(group(Op.EXP, w));
        Group shift = deferred(group(Op.SIN, scale.root()));
        Group first = group(Op.EXP, x);
        Group second = group(Op.COS, first.root());
        Group user = group(Op.ADD, second.root(), shift.root());
        Group last = group(Op.MUL, user.root(), scale.root());

        assertThat(order(last, scale, shift, first, second, user, last))
                .containsExactly(first, second, scale, shift, user, last);
    }

    @Test
    void whatRanksDoTogetherBeginsAtOnceAndIsWaitedForLast() {
        Group gradient = group(Op.EXP, x);
        Group sum = group(Op.ALL_REDUCE, gradient.root());
        Group update = group(Op.SQRT, sum.root());
        Node y = builder.input("y", Attr.Role.BATCH, Type.f32(1000, 16));
        Group grows = group(Op.SIN, y);
        Group after = group(Op.COS, grows.root());

        List<Group> order = Order.of(
                List.of(update, after, grows, sum, gradient),
                Graph.of(builder, Map.of("update", update.root(), "other", after.root())));

        assertThat(order).startsWith(gradient, sum).endsWith(update);
    }

    @Test
    void groupsInACircleAreAnError() {
        Group one = group(Op.EXP, x);
        Group two = group(Op.SIN, one.root());
        one.need(two);

        assertThatThrownBy(() -> order(two, one))
                .isInstanceOf(GlossaException.class)
                .hasMessageStartingWith("Cannot order kernels: 0 of 2 placed");
    }

    @Test
    void aDeferredGroupThatNobodyNeedsIsAnError() {
        Group unused = deferred(group(Op.EXP, x));
        Group last = group(Op.SIN, x);

        assertThatThrownBy(() -> order(last, unused)).hasMessageStartingWith("Cannot order kernels: 1 of 2 placed");
    }

    /** The order of groups of which the first one's result is the program's. */
    private List<Group> order(Group output, Group... others) {
        List<Group> groups = new ArrayList<>(List.of(others));
        if (!groups.contains(output)) {
            groups.add(output);
        }
        return Order.of(groups, Graph.of(builder, Map.of("y", output.root())));
    }

    private Group group(Op op, Node... inputs) {
        return group(Attr.NONE, op, inputs);
    }

    /** A kernel of one node that is kept in memory. */
    private Group group(Attr attr, Op op, Node... inputs) {
        Node node = builder.node(op, List.of(inputs), attr);
        Group group = Group.kernel(all, node, List.of());
        group.member(node);
        group.stored().add(node);
        home.put(node, group);
        for (Node input : inputs) {
            group.access(input, Access.of(Index.of(0)));
            if (home.containsKey(input)) {
                group.need(home.get(input));
            }
        }
        return group;
    }

    private static Group deferred(Group group) {
        group.defer();
        return group;
    }
}
