package io.glossa.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import io.glossa.trainer.autograd.Joint;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.emit.Kernel;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.AdamW;
import io.glossa.trainer.objective.BestRq;
import io.glossa.trainer.objective.BestRqConfig;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Dumps;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.runtime.Target;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * What kernels the compiler emits for BEST-RQ training steps, as accepted by somebody: a change of the compiler that is
 * not meant to change code shows here if it does. Nothing is compiled, so the machine does not matter.
 */
class KernelTextTest {
    private static final Path ACCEPTED = Path.of("src/test/resources/io/glossa/trainer/train/kernels.txt");
    private static final String ACCEPT = "glossa.kernels.accept";

    private static final ModelConfig TINY =
            new ModelConfig(1, 8, 2, 12, 3, "chunk:6", ModelConfig.Convolution.CROSSING, 8, 4);

    @Test
    void kernelsAreThoseThatWereAccepted() throws IOException {
        List<String> found = new ArrayList<>();
        for (Precision precision : List.of(Precision.FP32, Precision.BF16)) {
            found.add(tiny(Target.CPU, precision));
            found.add(preset("xs", Target.CPU, precision));
            found.add(preset("s", Target.CPU, precision));
        }
        found.add(tiny(Target.CUDA, Precision.FP32));
        found.add(tiny(Target.CUDA, Precision.BF16));
        found.add(preset("xs", Target.CUDA, Precision.BF16));
        found.add(preset("xs", Target.CUDA, Precision.FP8));
        if (Boolean.getBoolean(ACCEPT)) {
            Files.write(ACCEPTED, found);
        }
        List<String> changed = new ArrayList<>(found);
        changed.removeAll(Files.readAllLines(ACCEPTED));
        if (!changed.isEmpty()) {
            fail("The kernels of " + changed + " are not those in " + ACCEPTED
                    + ". If the change is meant, accept it by" + " running this test with -D" + ACCEPT
                    + "=true, and commit the file.");
        }
        assertThat(Files.readAllLines(ACCEPTED)).as("accepted and compiled").isEqualTo(found);
    }

    /** A person whose locale has digits of its own compiles the same text. */
    @Test
    void kernelsDoNotHangOnThePersonsDigits() {
        Locale before = Locale.getDefault();
        List<String> here = List.of(tiny(Target.CPU, Precision.BF16), tiny(Target.CUDA, Precision.BF16));
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            assertThat(String.format("%d", 1)).as("this Java has the locale").isEqualTo("١");
            assertThat(List.of(tiny(Target.CPU, Precision.BF16), tiny(Target.CUDA, Precision.BF16)))
                    .isEqualTo(here);
        } finally {
            Locale.setDefault(before);
        }
    }

    private static String tiny(Target target, Precision precision) {
        BestRqConfig masks = new BestRqConfig(2, 16, 4, 0.6, 0.06, 4, 0.1);
        return line("tiny", new BestRq(TINY, masks), new Bucket(2, 80), target, precision);
    }

    private static String preset(String name, Target target, Precision precision) {
        BestRq objective = new BestRq(ModelConfig.preset(name), BestRqConfig.DEFAULTS);
        return line(name, objective, new Bucket(4, 1000), target, precision);
    }

    /** Preset, device and dtype, how many kernels run, how many texts they have, and a digest of the texts. */
    private static String line(String preset, BestRq objective, Bucket bucket, Target target, Precision precision) {
        Program program = Program.training(preset, t -> objective.trace(t, bucket), new AdamW(0.01, 1));
        Graph joint = Joint.graph(program, new Trace());
        List<Kernel> kernels = Compile.lowered(
                        preset, joint, target, Compile.Options.DEFAULTS.with(precision), Dumps.NONE)
                .kernels();
        SortedSet<String> texts = new TreeSet<>();
        kernels.forEach(kernel -> texts.add(kernel.function() + "\n" + kernel.source()));
        String device = target == Target.CPU ? "" : " on " + target.name().toLowerCase(Locale.ROOT);
        return preset + " " + precision.title() + device + ": " + kernels.size() + " kernels, " + texts.size()
                + " texts, " + digest(String.join("\n", texts));
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
