package io.glossa.jobs.bench;

import io.glossa.error.GlossaException;
import io.glossa.jobs.cli.Commands;
import io.glossa.jobs.cli.Json;
import io.glossa.storage.Folder;
import io.glossa.storage.checkpoint.SafetensorsReader;
import io.glossa.storage.checkpoint.Tensor;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.runtime.cpu.CpuDevice;
import io.glossa.trainer.workbench.TransducerBench;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * A measurement of a transducer's loss in a JVM of its own: {@code batch frames labels symbols joint threads dtype steps} in
 * this order, and a file of inputs, or nothing. Prints its result as the last line.
 */
final class MeasuredTransducer implements Callable<Integer> {
    private static final int FILE = 8;

    /** As the file calls what {@link TransducerBench} calls e, p, w and b; the weight there is [V, J]. */
    private static final Map<String, String> IN_FILE = Map.of("e", "enc", "p", "pred");

    private final String[] words;

    private MeasuredTransducer(String... words) {
        this.words = words;
    }

    public static void main(String... words) {
        System.exit(Commands.guarded(new MeasuredTransducer(words)));
    }

    @Override
    public Integer call() {
        int[] n = Arrays.stream(words, 0, 6).mapToInt(Integer::parseInt).toArray();
        TransducerBench.Size size = new TransducerBench.Size(n[0], n[1], n[2], n[3], n[4]);
        Map<String, HostTensor> inputs = words.length > FILE ? read(Path.of(words[FILE])) : size.random();
        int steps = Integer.parseInt(words[7]);
        System.out.println(Json.line(TransducerBench.run(inputs, words[6], n[5], steps, CpuDevice.defaultCache())));
        return 0;
    }

    /** Inputs that go together. */
    static Map<String, HostTensor> read(Path file) {
        Path whole = file.toAbsolutePath();
        Map<String, Tensor> tensors = SafetensorsReader.open(
                        Folder.of(whole.getParent()), whole.getFileName().toString())
                .tensors();
        Map<String, HostTensor> inputs = new LinkedHashMap<>();
        for (String name : TransducerBench.PARAMETERS) {
            Tensor tensor = required(tensors, IN_FILE.getOrDefault(name, name), file);
            int[] dims = dims(tensor);
            inputs.put(
                    name,
                    name.equals("w") && dims.length == 2
                            ? turned(tensor.floats(), dims)
                            : HostTensor.of(tensor.floats(), dims));
        }
        for (String name : TransducerBench.BATCH) {
            Tensor tensor = required(tensors, name, file);
            if (!tensor.dtype().equals("I32")) {
                throw GlossaException.data("Cannot read '" + name + "' of " + file + ": its dtype is " + tensor.dtype()
                        + ", expected I32");
            }
            int[] values = new int[(int) (tensor.bytes() / Integer.BYTES)];
            tensor.data().asIntBuffer().get(values);
            inputs.put(name, HostTensor.of(values, dims(tensor)));
        }
        TransducerBench.Size.of(inputs);
        return inputs;
    }

    private static Tensor required(Map<String, Tensor> tensors, String name, Path file) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw GlossaException.data("Cannot read a transducer's inputs from " + file + ": found " + tensors.keySet()
                    + ", expected " + List.of("enc", "pred", "w", "b", "labels", "frames", "lengths"));
        }
        return tensor;
    }

    private static int[] dims(Tensor tensor) {
        return Arrays.stream(tensor.shape()).mapToInt(Math::toIntExact).toArray();
    }

    private static HostTensor turned(float[] values, int... dims) {
        float[] turned = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            turned[i % dims[1] * dims[0] + i / dims[1]] = values[i];
        }
        return HostTensor.of(turned, dims[1], dims[0]);
    }
}
