package io.glossa.trainer.workbench;

import io.glossa.error.GlossaException;
import io.glossa.trainer.autograd.Gradients;
import io.glossa.trainer.autograd.Joint;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.LazyTensor;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Shape;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.objective.Losses;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Dumps;
import io.glossa.trainer.runtime.Executable;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.runtime.ProcessMemory;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.runtime.cpu.CpuDevice;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Measures a transducer's joint network and loss on a processor, with the gradients of all that it is made of. */
public final class TransducerBench {
    /** The inputs, in the order of {@link Losses#transducer}. */
    public static final List<String> PARAMETERS = List.of("e", "p", "w", "b");

    /** The I32 inputs behind them. */
    public static final List<String> BATCH = List.of("labels", "frames", "lengths");

    private static final double MB = 1 << 20;
    private static final int SEED = 3;
    private static final String LOSS = "loss";

    /**
     * How large it is.
     *
     * @param batch utterances
     * @param frames of each
     * @param labels of each
     * @param symbols the blank among them
     * @param joint width of the joint network
     */
    public record Size(int batch, int frames, int labels, int symbols, int joint) {
        public Size {
            if (batch < 1 || frames < 1 || labels < 1 || symbols < 2 || joint < 1) {
                throw GlossaException.user("Cannot measure a transducer of " + batch + " utterances of " + frames
                        + " frames and " + labels + " labels, " + symbols + " symbols and " + joint
                        + " joint units, expected at least 1 each, and 2 symbols");
            }
        }

        /**
         * That of given inputs.
         *
         * @throws GlossaException of type DATA if they do not go together
         */
        public static Size of(Map<String, HostTensor> inputs) {
            Map<String, Shape> shapes = new LinkedHashMap<>();
            inputs.forEach((name, value) -> shapes.put(name, value.type().shape()));
            if (shapes.get("e").rank() != 3
                    || shapes.get("labels").rank() != 2
                    || shapes.get("b").rank() != 1) {
                throw refusal(shapes.toString());
            }
            Shape e = shapes.get("e");
            Size size = new Size(
                    e.dim(0),
                    e.dim(1),
                    shapes.get("labels").dim(1),
                    shapes.get("b").dim(0),
                    e.dim(2));
            size.shapes().forEach((name, shape) -> {
                if (!shapes.get(name).equals(shape)) {
                    throw refusal(name + " " + shapes.get(name) + " beside " + shapes);
                }
            });
            requireBelow(inputs, "labels", size.symbols());
            requireBelow(inputs, "frames", size.frames() + 1);
            requireBelow(inputs, "lengths", size.labels() + 1);
            return size;
        }

        private static void requireBelow(Map<String, HostTensor> inputs, String name, int end) {
            int[] outside = Arrays.stream(inputs.get(name).ints())
                    .filter(value -> value < 0 || value >= end)
                    .toArray();
            if (outside.length > 0) {
                throw refusal(outside[0] + " in " + name + ", where numbers are from 0 to " + (end - 1));
            }
        }

        private static GlossaException refusal(String found) {
            return GlossaException.data(
                    "Cannot measure a transducer on these inputs: found " + found
                            + ", expected e [B, T, J], p [B, U + 1, J], w [J, V], b [V], labels [B, U], frames [B] and lengths [B]");
        }

        private Map<String, Shape> shapes() {
            Map<String, Shape> shapes = new LinkedHashMap<>();
            shapes.put("e", Shape.of(batch, frames, joint));
            shapes.put("p", Shape.of(batch, labels + 1, joint));
            shapes.put("w", Shape.of(joint, symbols));
            shapes.put("b", Shape.of(symbols));
            shapes.put("labels", Shape.of(batch, labels));
            shapes.put("frames", Shape.of(batch));
            shapes.put("lengths", Shape.of(batch));
            return shapes;
        }

        /** Normal values, labels at random, every utterance of full length. */
        public Map<String, HostTensor> random() {
            Map<String, Double> deviations = Map.of("e", 1.0, "p", 1.0, "w", 1 / Math.sqrt(joint), "b", 0.0);
            Map<String, HostTensor> values = new LinkedHashMap<>();
            for (String name : PARAMETERS) {
                values.put(name, new Init.Normal(deviations.get(name)).values(name, shapes().get(name), SEED));
            }
            int[] spelled = new Random(SEED).ints(batch * labels, 1, symbols).toArray();
            values.put("labels", HostTensor.of(spelled, batch, labels));
            values.put("frames", HostTensor.of(all(frames), batch));
            values.put("lengths", HostTensor.of(all(labels), batch));
            return values;
        }

        private int[] all(int value) {
            int[] values = new int[batch];
            Arrays.fill(values, value);
            return values;
        }
    }

    /**
     * What was measured.
     *
     * @param stepS median seconds of loss and gradients
     * @param firstS seconds of the first
     * @param loss per utterance
     * @param grownMb by how much the process grew for it, beyond the inputs and their gradients
     */
    public record Result(String dtype, int threads, double stepS, double firstS, double loss, double grownMb) {}

    private TransducerBench() {}

    /**
     * Measures in this process, which should do nothing else.
     *
     * @param inputs of {@link #PARAMETERS} and {@link #BATCH}
     * @param dtype of products, a title of {@link Precision}
     */
    public static Result run(Map<String, HostTensor> inputs, String dtype, int threads, int steps, Path cache) {
        Compile.Options options = Compile.Options.DEFAULTS.with(Precision.of(dtype));
        Map<String, LazyTensor> initial = new HashMap<>();
        Map<String, HostTensor> batch = new HashMap<>();
        PARAMETERS.forEach(name -> initial.put(name, LazyTensor.of(inputs.get(name))));
        BATCH.forEach(name -> batch.put(name, inputs.get(name)));
        double gradientMb = PARAMETERS.stream()
                        .mapToLong(name -> inputs.get(name).type().bytes())
                        .sum()
                / MB;
        int utterances = inputs.get("frames").type().shape().dim(0);
        try (CpuDevice device = CpuDevice.open(threads, cache, options, Dumps.NONE);
                State state = device.allocate(initial);
                Executable program = device.load("transducer", graph(inputs))) {
            double before = ProcessMemory.residentMb();
            ProcessMemory.forgetPeak();
            long start = System.nanoTime();
            double loss = program.run(state, batch).get(LOSS).at(0) / utterances;
            double first = seconds(start);
            List<Double> times = new ArrayList<>();
            for (int step = 0; step < steps; step++) {
                start = System.nanoTime();
                program.run(state, batch);
                times.add(seconds(start));
            }
            times.sort(null);
            double grown = ProcessMemory.peakMb() - before - gradientMb;
            return new Result(dtype, threads, times.get(steps / 2), first, loss, grown);
        }
    }

    /** The loss, and of the gradients, which nobody else reads, the sums of squares. */
    private static Graph graph(Map<String, HostTensor> inputs) {
        return Joint.graph(
                Program.inference("transducer", trace -> {
                    List<Tensor> in = new ArrayList<>();
                    PARAMETERS.forEach(name -> in.add(trace.parameter(name, Init.ZEROS, dims(inputs, name))));
                    BATCH.forEach(name -> in.add(trace.batch(name, DType.I32, dims(inputs, name))));
                    Tensor loss = Losses.transducer(in.toArray(Tensor[]::new)).total();
                    trace.output(LOSS, loss);
                    Map<String, Node> parameters = Gradients.parameters(loss);
                    Gradients.of(loss, parameters)
                            .forEach((name, gradient) -> trace.output(
                                    "square of " + name, gradient.mul(gradient).total()));
                }),
                new Trace());
    }

    private static int[] dims(Map<String, HostTensor> inputs, String name) {
        return inputs.get(name).type().shape().dims();
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) * 1e-9;
    }
}
