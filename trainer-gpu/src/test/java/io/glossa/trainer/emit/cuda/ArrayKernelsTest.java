package io.glossa.trainer.emit.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.ir.Type;
import io.glossa.trainer.trace.Trace;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kernels over ids and along rows against plain loops, in sizes that fill nothing. */
class ArrayKernelsTest {
    private static final long SEED = 17;

    private final Random random = new Random(SEED);

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "7, 33, 1", "300, 5, 3", "70, 9, 6", "33, 12, 64", "5, 4, 1036"})
    void gather(int ids, int rows, int width) {
        for (DType dtype : List.of(DType.F32, DType.I32)) {
            HostTensor table = values(dtype, rows, width);
            HostTensor id = ids(ids, rows);
            Tensor[] in = inputs(table, id);
            HostTensor found = run(in[0].gather(in[1]), table, id);
            for (int i = 0; i < ids * width; i++) {
                int row = id.ints()[i / width];
                double expected = row < 0 || row >= rows ? 0 : table.at(row * width + i % width);
                assertThat(found.at(i)).as("element %d, seed %d", i, SEED).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1",
        "7, 33, 1",
        "10000, 2500, 1",
        "9000, 3, 1",
        "5000, 40, 3",
        "100, 700, 31",
        "50, 70, 32",
        "33, 20, 33",
        "9001, 2, 36",
        "300, 90, 1036"
    })
    void scatterAddsInTheOrderOfTheIds(int ids, int rows, int width) {
        for (DType dtype : List.of(DType.F32, DType.I32)) {
            HostTensor source = values(dtype, ids, width);
            HostTensor id = ids(ids, rows);
            Tensor[] in = inputs(source, id);
            HostTensor expected = HostTensor.zeros(new Type(dtype, Shape.of(rows, width)));
            for (int i = 0; i < ids * width; i++) {
                int row = id.ints()[i / width];
                if (row >= 0 && row < rows && dtype == DType.F32) {
                    expected.floats()[row * width + i % width] += source.floats()[i];
                } else if (row >= 0 && row < rows) {
                    expected.ints()[row * width + i % width] += source.ints()[i];
                }
            }
            HostTensor found = run(in[0].scatterAdd(in[1], rows), source, id);
            assertThat(found.array()).as("seed %d", SEED).isEqualTo(expected.array());
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 7", "2, 33", "5, 409", "1, 10000", "2, 4097"})
    void prefixSums(int rows, int columns) {
        for (DType dtype : List.of(DType.F32, DType.I32)) {
            HostTensor x = values(dtype, rows, columns);
            HostTensor found = run(inputs(x)[0].cumsum(), x);
            double sum = 0;
            double size = 0;
            for (int i = 0; i < rows * columns; i++) {
                sum = (i % columns == 0 ? 0 : sum) + x.at(i);
                size = (i % columns == 0 ? 0 : size) + Math.abs(x.at(i));
                double tolerance = dtype == DType.F32 ? 1e-6 * size : 0;
                assertThat(found.at(i)).as("element %d, seed %d", i, SEED).isCloseTo(sum, within(tolerance));
            }
        }
    }

    private static HostTensor run(Tensor value, HostTensor... inputs) {
        Node node = value.node();
        return EmulatedKernel.run(ArrayKernels.of(node), node.type(), List.of(inputs));
    }

    private static Tensor[] inputs(HostTensor... values) {
        Trace trace = new Trace();
        Tensor[] tensors = new Tensor[values.length];
        for (int i = 0; i < values.length; i++) {
            Type type = values[i].type();
            tensors[i] = trace.batch("x" + i, type.dtype(), type.shape().dims());
        }
        return tensors;
    }

    private HostTensor values(DType dtype, int... dims) {
        HostTensor tensor = HostTensor.zeros(new Type(dtype, Shape.of(dims)));
        for (int i = 0; i < tensor.type().shape().size(); i++) {
            if (dtype == DType.F32) {
                tensor.floats()[i] = (float) random.nextGaussian();
            } else {
                tensor.ints()[i] = random.nextInt(-50, 50);
            }
        }
        return tensor;
    }

    /** Some lie outside. */
    private HostTensor ids(int count, int rows) {
        return HostTensor.of(random.ints(count, -1, rows + 1).toArray(), count);
    }
}
