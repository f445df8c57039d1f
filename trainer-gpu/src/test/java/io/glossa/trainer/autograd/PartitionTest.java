package io.glossa.trainer.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is kept of f(a, b), where a and b are matrix products and so must not be computed again. */
class PartitionTest {
    private static final Partition.Repeat ELEMENTWISE =
            new Partition.Repeat(node -> node.kind() == Op.Kind.POINTWISE, 24, Partition.Aim.SPEED);
    private static final Partition.Repeat REDUCTIONS = new Partition.Repeat(
            node -> node.kind() == Op.Kind.POINTWISE || node.kind() == Op.Kind.REDUCTION, 24, Partition.Aim.SPEED);
    private static final Partition.Repeat NOTHING = new Partition.Repeat(node -> false, 24, Partition.Aim.SPEED);

    @Test
    void oneValueIsKeptRatherThanTheTwoItIsMadeOf() {
        assertThat(kept((a, b) -> a.add(b).exp(), ELEMENTWISE)).containsExactly(Op.ADD);
    }

    @Test
    void ofAChainThatIsReadManyTimesOneValueIsKept() {
        assertThat(kept((a, b) -> a.sin().exp().sin().exp(), ELEMENTWISE)).containsExactly(Op.MATMUL);
    }

    @Test
    void whatIsReadInAnyCaseIsEnoughToComputeTheRest() {
        assertThat(kept((a, b) -> a.mul(b).exp().mul(a).sin(), ELEMENTWISE)).containsExactly(Op.MATMUL, Op.MATMUL);
    }

    @Test
    void aNarrowValueIsKeptRatherThanTheWideOneItIsMadeOf() {
        assertThat(kept((a, b) -> a.sum(1).exp().sin().mul(b), REDUCTIONS))
                .containsExactlyInAnyOrder(Op.MATMUL, Op.SUM);
    }

    @Test
    void allThatIsReadIsKeptWhereNothingMayBeComputedAgain() {
        assertThat(kept((a, b) -> a.sin().exp().sin(), NOTHING)).containsExactlyInAnyOrder(Op.MATMUL, Op.SIN, Op.EXP);
    }

    /** A sum that is added to again behind a product is in memory until then; what it is centred to is not. */
    @Test
    void whatIsInMemoryInAnyCaseIsKept() {
        BinaryOperator<Tensor> residual = (a, b) -> {
            Tensor x = a.add(b);
            return x.add(x.sub(x.max(1)).exp().matmul(b));
        };
        assertThat(kept(residual, ELEMENTWISE)).contains(Op.ADD, Op.MAX).doesNotContain(Op.SUB, Op.EXP);
    }

    @Test
    void aProgramThatIsNotTrainedStaysAsItIs() {
        Trace trace = new Trace();
        Graph graph = Joint.graph(
                Program.inference("test", t -> t.output("y", product(t, "a").sin())), trace);

        assertThat(Partition.apply(graph, ELEMENTWISE)).isSameAs(graph);
    }

    /** The operations of the values that the backward part of a training step reads. */
    private static List<Op> kept(BinaryOperator<Tensor> function, Partition.Repeat repeat) {
        Program program = Program.training(
                "test",
                t -> t.loss(function.apply(product(t, "a"), product(t, "b"))
                        .mul(product(t, "c").sin())
                        .total()),
                (trace, parameters, gradients, share) -> parameters.forEach(
                        (name, parameter) -> trace.update(name, parameter.sub(gradients.get(name)))));
        Graph graph = Partition.apply(Joint.graph(program, new Trace()), repeat);
        return graph.nodes().stream()
                .filter(node -> node.op() == Op.SAVED)
                .map(node -> node.input(0))
                .filter(node -> !readsOnlyC(node))
                .map(Node::op)
                .collect(Collectors.toList());
    }

    /** What belongs to the factor that makes the gradient of f depend on more than f. */
    private static boolean readsOnlyC(Node node) {
        return Graph.reachable(List.of(node)).stream()
                .filter(n -> n.op() == Op.INPUT)
                .allMatch(n -> n.attr().toString().contains("name=c"));
    }

    private static Tensor product(Trace trace, String name) {
        return trace.parameter(name + "1", new Init.Normal(1), 8, 4)
                .matmul(trace.parameter(name + "2", new Init.Normal(1), 4, 8));
    }
}
