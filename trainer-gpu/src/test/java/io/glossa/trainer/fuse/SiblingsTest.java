package io.glossa.trainer.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Builder;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.ir.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SiblingsTest {
    private final Builder builder = new Builder();
    private final Node x = builder.input("x", Attr.Role.BATCH, Type.f32(64, 32));
    private final Node w = builder.input("w", Attr.Role.PARAMETER, Type.f32(32, 32));
    private final Node z = product(x);
    private final Node exp = node(Op.EXP, z);

    @Test
    void loopsOverTheSameValuesAreOne() {
        Node sin = node(Op.SIN, z);
        assertThat(home(exp, product(exp), product(sin)).stored()).containsExactlyInAnyOrder(exp, sin);
    }

    @Test
    void loopsOverOtherValuesAreNot() {
        Node sin = node(Op.SIN, product(node(Op.NEG, x)));
        assertThat(home(exp, product(exp), product(sin)).stored()).containsExactly(exp);
    }

    @Test
    void whatIsComputedAgainStaysInTheBackwardPart() {
        Node again = node(Op.SIN, node(Op.SAVED, z));
        Node gradient = node(Op.COS, node(Op.SAVED, z));
        Node[] outputs = {product(exp), product(again), product(gradient)};
        assertThat(home(exp, outputs).stored()).containsExactly(exp);
        assertThat(home(again, outputs).stored()).containsExactlyInAnyOrder(again, gradient);
    }

    @Test
    void whatNeedsALoopThroughAProductIsNotPartOfIt() {
        Node late = node(Op.MUL, node(Op.SIN, z), product(exp));
        assertThat(home(exp, product(late)).stored()).containsExactly(exp);
    }

    @Test
    void whatIsWrittenOverItsOldValueStaysAlone() {
        Node old = builder.input("n", Attr.Role.STATE, Type.f32(64, 32));
        Node next = node(Op.MUL, z, old);
        Graph graph = new Graph(builder, Map.of("y", product(exp)), Map.of("n", next), Map.of());
        List<Group> groups = Fuse.apply(graph, Hardware.GPU);
        assertThat(groups.stream().filter(group -> group.stored().contains(next)))
                .singleElement()
                .satisfies(group -> assertThat(group.stored()).containsExactly(next));
        assertThat(Schedule.of(graph, groups).inPlace()).containsEntry(next, old);
    }

    private Node node(Op op, Node... inputs) {
        return builder.node(op, List.of(inputs), Attr.NONE);
    }

    private Node product(Node of) {
        return builder.node(Op.MATMUL, List.of(of, w), new Attr.Result(DType.F32));
    }

    /** The group that stores a value of a program with these results. */
    private Group home(Node stored, Node... outputs) {
        Map<String, Node> named = new LinkedHashMap<>();
        for (Node output : outputs) {
            named.put("y" + named.size(), output);
        }
        return Fuse.apply(Graph.of(builder, named), Hardware.GPU).stream()
                .filter(group -> group.stored().contains(stored))
                .findFirst()
                .orElseThrow();
    }
}
