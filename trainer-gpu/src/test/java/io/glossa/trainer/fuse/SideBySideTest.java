package io.glossa.trainer.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Devices;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Trace;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SideBySideTest {
    private final Trace trace = new Trace();
    private final Tensor z = matrix("x", 96, 8).matmul(matrix("v", 8, 64));
    private final Tensor both = z.sin().concat(1, z.mul(z));

    @Test
    void aLoopOverOnePartWritesThemAll() {
        assertThat(groups(both.matmul(matrix("w", 128, 4))))
                .filteredOn(group -> group.stored().contains(both.node()))
                .singleElement()
                .satisfies(group -> {
                    assertThat(group.stored()).containsExactly(both.node());
                    assertThat(List.of(group.rows(), group.columns())).containsExactly(96L, 64L);
                    assertThat(group.starts(both.node())).hasSize(2);
                    assertThat(group.reads()).containsExactly(z.node());
                });
    }

    @Test
    void sumsOfAPartAreAddedUpOnTheWay() {
        Tensor sums = both.slice(1, 64, 128).reshape(2, 48, 64).sum(1);

        assertThat(groups(both.matmul(matrix("w", 128, 4)), sums))
                .filteredOn(group -> group.stored().contains(both.node()))
                .singleElement()
                .satisfies(group -> assertThat(group.columnSums()).containsExactly(sums.node()));
    }

    @Test
    void partsOfOtherWidthsAreOneLoopOverAll() {
        Tensor uneven = z.sin().concat(1, z.slice(1, 0, 16));

        assertThat(groups(uneven.matmul(matrix("w", 80, 4))))
                .filteredOn(group -> group.stored().contains(uneven.node()))
                .singleElement()
                .satisfies(group -> assertThat(group.columns()).isEqualTo(80));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "emit-only"})
    void theSameOnADevice(String name) {
        trace.output("product", both.matmul(matrix("w", 128, 4)));
        trace.output("part", both.slice(1, 64, 128).neg().exp().sum(1));
        trace.output("sums", both.slice(1, 64, 128).reshape(2, 48, 64).sum(1));
        try (Device device = DeviceRequest.of(name).open()) {
            Devices.assertEqual(device, Graph.of(trace.builder(), trace.outputs()), 5);
        }
    }

    private Tensor matrix(String name, int rows, int columns) {
        return trace.parameter(name, new Init.Normal(1), rows, columns);
    }

    private List<Group> groups(Tensor first, Tensor... others) {
        trace.output("first", first);
        for (Tensor other : others) {
            trace.output("other", other);
        }
        Map<String, Node> outputs = trace.outputs();
        assertThat(both.node().op()).isEqualTo(Op.CONCAT);
        return Fuse.apply(Graph.of(trace.builder(), outputs), Hardware.GPU);
    }
}
