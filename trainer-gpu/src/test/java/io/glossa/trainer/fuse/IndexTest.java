package io.glossa.trainer.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Builder;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Type;
import java.util.List;
import org.junit.jupiter.api.Test;

class IndexTest {
    private final Index r = Index.variable("r", 0, 60);
    private final Index c = Index.variable("c", 1, 7);

    @Test
    void splittingAndJoiningGivesThePositionBack() {
        Access at = Access.of(r.times(7).plus(c));
        Shape shape = Shape.of(3, 4, 5, 7);

        assertThat(Access.join(shape, at.split(shape))).isEqualTo(at.at());
    }

    @Test
    void quotientsOfRowsDoNotDependOnTheColumn() {
        assertThat(r.times(7).plus(c).div(28)).isEqualTo(r.div(4));
        assertThat(r.times(7).plus(c).mod(28)).isEqualTo(r.mod(4).times(7).plus(c));
    }

    @Test
    void nestedQuotientsAreOne() {
        assertThat(r.div(3).div(4)).isEqualTo(r.div(12));
    }

    @Test
    void aTransposedReadIsTwoStrides() {
        Builder builder = new Builder();
        Node x = builder.input("x", Attr.Role.BATCH, Type.f32(7, 60));
        Node transposed = builder.node(Op.PERMUTE, List.of(x), new Attr.Axes(List.of(1, 0)));

        assertThat(Access.of(r.times(7).plus(c)).through(transposed, 0).at())
                .isEqualTo(c.times(60).plus(r));
    }

    @Test
    void simplificationKeepsTheValueEverywhere() {
        for (int by : new int[] {2, 3, 5, 7, 14, 21, 35, 60, 140, 420}) {
            Index x = r.times(7).plus(c);
            for (int row = 0; row < 60; row++) {
                for (int column = 0; column < 7; column++) {
                    int value = row * 7 + column;
                    assertThat(value(x.div(by), row, column))
                            .as("%d / %d", value, by)
                            .isEqualTo(value / by);
                    assertThat(value(x.mod(by), row, column))
                            .as("%d %% %d", value, by)
                            .isEqualTo(value % by);
                }
            }
        }
    }

    private static long value(Index index, int row, int column) {
        return index.at(name -> name.equals("r") ? row : column);
    }
}
