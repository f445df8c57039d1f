package io.glossa.trainer.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.error.GlossaException;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Builder;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Sums over ranks that go on beside products. */
class CollectivesTest {
    private final Builder builder = new Builder();
    private final Tensor x = new Tensor(builder, builder.input("x", Attr.Role.BATCH, Type.f32(4, 4)));
    private final Tensor sum = x.exp().allReduce();

    @Test
    void aKernelWaitsForTheSumThatItReadsAndNoOtherDoes() {
        Schedule schedule = schedule(
                Map.of("product", x.matmul(x).node(), "root", sum.sqrt().node()));
        Collectives collectives = schedule.collectives();

        assertThat(schedule.order())
                .extracting(group -> group.root().op().name())
                .containsExactly("EXP", "ALL_REDUCE", "MATMUL", "SQRT");
        assertThat(collectives.ended(2)).isZero();
        assertThat(collectives.ended(3)).isEqualTo(1);
        assertThat(collectives.last(schedule.order().get(1))).isEqualTo(2);
    }

    @Test
    void whatNobodyWaitsForHasEndedBehindTheLastKernel() {
        Schedule schedule = schedule(Map.of("product", x.matmul(x).node(), "sum", sum.node()));
        Collectives collectives = schedule.collectives();

        assertThat(collectives.ended(2)).isZero();
        assertThat(collectives.ended(3)).isEqualTo(1);
    }

    @Test
    void olderOnesHaveEndedBeforeTooMuchIsOnTheWay() {
        int floats = (int) (Collectives.MOST_ON_THE_WAY / Float.BYTES / 5);
        Tensor large = new Tensor(builder, builder.input("large", Attr.Role.BATCH, Type.f32(floats)));
        Map<String, Node> outputs = new HashMap<>();
        for (int i = 0; i < 4; i++) {
            outputs.put("sum" + i, large.mul(i + 2).allReduce().node());
        }
        Schedule schedule = schedule(outputs);
        Collectives collectives = schedule.collectives();

        assertThat(collectives.ended(3)).isZero();
        assertThat(collectives.ended(5)).isEqualTo(1);
        assertThat(collectives.ended(7)).isEqualTo(2);
        assertThat(collectives.ended(8)).isEqualTo(4);
    }

    @Test
    void memoryIsNotTakenFromASumOnItsWay() {
        Tensor product = x.matmul(x);
        Graph graph = Graph.of(
                builder,
                Map.of("product", product.matmul(x).node(), "root", sum.sqrt().node()));
        Schedule schedule = Schedule.of(graph, Fuse.apply(graph, Hardware.PROCESSOR));
        ArenaPlan arena = VerifyPlan.check(schedule, ArenaPlan.of(graph, schedule, 1));

        Map<Node, Long> shared = new HashMap<>(arena.offsets());
        shared.put(product.node(), shared.get(sum.node().input(0)));
        assertThatThrownBy(() -> VerifyPlan.check(schedule, new ArenaPlan(shared, arena.lives(), arena.bytes())))
                .isInstanceOf(GlossaException.class)
                .hasMessageContaining("after it was overwritten");
    }

    private Schedule schedule(Map<String, Node> outputs) {
        Graph graph = Graph.of(builder, outputs);
        return Schedule.of(graph, Fuse.apply(graph, Hardware.PROCESSOR));
    }
}
