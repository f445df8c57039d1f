package io.glossa.trainer.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.nn.AttentionSpan;
import io.glossa.trainer.nn.Layers;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Trace;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How attention's kernel reads keys and values. */
class ViewTest {
    private static final int ROWS = 12;
    private static final int WIDTH = 8;
    private static final int KEYS = 2;
    private static final int VALUES = 3;

    private final Trace trace = new Trace();
    private final Tensor all = matrix("all", ROWS, 3 * WIDTH);

    @Test
    void partsOfOneMatrixAreReadWhereTheyLie() {
        List<View> views = views(part(WIDTH), part(2 * WIDTH), Hardware.GPU);
        assertThat(views.get(KEYS).source())
                .isSameAs(views.get(VALUES).source())
                .isSameAs(all.node());
        assertThat(views.get(KEYS).strides()).containsExactly(3 * WIDTH, 1);
        assertThat(views.get(KEYS).offset()).isEqualTo(WIDTH);
        assertThat(views.get(VALUES).offset()).isEqualTo(2 * WIDTH);
    }

    @Test
    void whatAProcessorReadsIsDense() {
        assertDense(views(part(WIDTH), part(2 * WIDTH), Hardware.PROCESSOR));
    }

    @Test
    void partsThatBeginAnywhereAreCopied() {
        assertDense(views(part(WIDTH - 1), part(2 * WIDTH - 1), Hardware.GPU));
    }

    @Test
    void rowsThatAreNotAsFarApartAreCopied() {
        assertDense(views(part(WIDTH), matrix("values", ROWS, WIDTH), Hardware.GPU));
    }

    private static void assertDense(List<View> views) {
        for (int input : new int[] {KEYS, VALUES}) {
            assertThat(views.get(input).strides()).containsExactly(WIDTH, 1);
            assertThat(views.get(input).offset()).isZero();
        }
    }

    private List<View> views(Tensor keys, Tensor values, Hardware hardware) {
        Tensor y = Layers.attention(
                2,
                new AttentionSpan(ROWS, 1, 1),
                matrix("q", ROWS, WIDTH),
                matrix("r", ROWS, WIDTH),
                keys,
                values,
                matrix("p", 3, WIDTH),
                all.constant(0).less(all.constant(1)).expand(Shape.of(ROWS)));
        return Fuse.apply(Graph.of(trace.builder(), Map.of("y", y.node())), hardware).stream()
                .filter(group -> group.root() == y.node())
                .findFirst()
                .orElseThrow()
                .views();
    }

    private Tensor part(int column) {
        return all.slice(1, column, column + WIDTH);
    }

    private Tensor matrix(String name, int rows, int columns) {
        return trace.parameter(name, new Init.Normal(1), rows, columns);
    }
}
