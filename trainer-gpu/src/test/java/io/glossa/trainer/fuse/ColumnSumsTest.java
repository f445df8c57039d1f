package io.glossa.trainer.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Trace;
import org.junit.jupiter.api.Test;

class ColumnSumsTest {
    private final Trace trace = new Trace();
    private final Tensor z = matrix("x", 96, 8).matmul(matrix("v", 8, 64));
    private final Tensor dear = z.sin().add(z.exp());
    private final Tensor twice = dear.mul(2);
    private final Tensor sums = dear.reshape(2, 48, 64).sum(1);

    @Test
    void whatOnlyASumReadsThatJoinedItsLoopIsNotStored() {
        assertThat(loop(twice.matmul(matrix("w", 64, 4))).stored())
                .containsExactlyInAnyOrder(twice.node(), sums.node());
    }

    @Test
    void whatIsReadElsewhereTooIs() {
        assertThat(loop(twice.matmul(matrix("w", 64, 4)).add(dear.matmul(matrix("u", 64, 4))))
                        .stored())
                .containsExactlyInAnyOrder(twice.node(), dear.node(), sums.node());
    }

    /** A loop over 60 rows must not add up 96, though its blocks would be as many. */
    @Test
    void aLoopOverFewerRowsAddsUpNothing() {
        Tensor first = dear.slice(0, 0, 60).mul(3).matmul(matrix("w", 64, 4));
        Tensor all = z.sin().add(1).matmul(matrix("u", 64, 4));
        trace.output("sums", sums);
        trace.output("first", first);
        trace.output("all", all);
        assertThat(Fuse.apply(Graph.of(trace.builder(), trace.outputs()), Hardware.GPU))
                .filteredOn(group -> group.columnSums().contains(sums.node()))
                .allMatch(group -> group.rows() == 96);
    }

    private Tensor matrix(String name, int rows, int columns) {
        return trace.parameter(name, new Init.Normal(1), rows, columns);
    }

    /** The loop that adds up the sums, in a program with this result too. */
    private Group loop(Tensor result) {
        trace.output("sums", sums);
        trace.output("result", result);
        return Fuse.apply(Graph.of(trace.builder(), trace.outputs()), Hardware.GPU).stream()
                .filter(group -> group.columnSums().contains(sums.node()))
                .findFirst()
                .orElseThrow();
    }
}
