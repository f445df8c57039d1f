package io.glossa.jobs.bench;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.glossa.error.GlossaException;
import io.glossa.jobs.cli.Json;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.workbench.TransducerBench;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench rnnt}. */
@Command(
        name = "rnnt",
        description = {
            "Measures the joint network and the loss of a transducer (RNN-T), forward and backward, with the gradients of"
                    + " all its inputs, on the processor."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class BenchRnntCommand implements Callable<Integer> {
    /** What another program says of itself. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Peer(
            @JsonProperty(required = true) double stepS,
            @JsonProperty(required = true) double firstS,
            @JsonProperty(required = true) double loss,
            @JsonProperty(required = true) double grownMb) {}

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "30",
            description = "utterances (default: ${DEFAULT-VALUE})")
    private int batch;

    @Option(
            names = "--frames",
            paramLabel = "N",
            defaultValue = "300",
            description = "encoder frames of each (default: ${DEFAULT-VALUE})")
    private int frames;

    @Option(
            names = "--labels",
            paramLabel = "N",
            defaultValue = "60",
            description = "labels of each (default: ${DEFAULT-VALUE})")
    private int labels;

    @Option(
            names = "--symbols",
            paramLabel = "N",
            defaultValue = "500",
            description = "with the blank (default: ${DEFAULT-VALUE})")
    private int symbols;

    @Option(
            names = "--joint",
            paramLabel = "N",
            defaultValue = "512",
            description = "width of the joint network (default: ${DEFAULT-VALUE})")
    private int joint;

    @Option(names = "--threads", paramLabel = "N", description = "of the processor (default: all cores)")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            defaultValue = "fp32",
            description = "of products: fp32 or bf16; all else is fp32 (default: ${DEFAULT-VALUE})")
    private String dtype;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "3",
            description = "whose median is taken, behind a first (default: ${DEFAULT-VALUE})")
    private int steps;

    @Option(
            names = "--from",
            paramLabel = "FILE",
            description = "safetensors with enc, pred, w [symbols, joint], b, labels, frames and lengths, in place of"
                    + " random numbers; sizes are theirs")
    private Path from;

    @Option(
            names = "--against",
            paramLabel = "COMMAND",
            description =
                    "another program that takes --batch, --frames, --labels, --symbols, --joint, --threads and --steps"
                            + " and prints a line of JSON with step_s, first_s, loss and grown_mb: run in turn with it,"
                            + " and compare. Options that COMMAND has already are not passed")
    private String against;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "times that each of both runs with --against (default: ${DEFAULT-VALUE})")
    private int rounds;

    @Option(names = "--json", description = "print one line of JSON, last")
    private boolean json;

    @Override
    public Integer call() {
        TransducerBench.Size size = from == null
                ? new TransducerBench.Size(batch, frames, labels, symbols, joint)
                : TransducerBench.Size.of(MeasuredTransducer.read(from));
        if (steps < 1 || threads < 1 || rounds < 1 || Precision.of(dtype).isF8()) {
            throw GlossaException.user("Cannot measure " + steps + " steps in " + dtype + " on " + threads
                    + " threads in " + rounds + " rounds, expected at least 1 each, in fp32 or bf16");
        }
        if (against != null) {
            compare(size);
        } else {
            TransducerBench.Result result = ours();
            System.out.println(
                    json
                            ? Json.line(result)
                            : line("Glossa", result.stepS(), result.firstS(), result.loss(), result.grownMb()));
        }
        return 0;
    }

    private TransducerBench.Result ours() {
        List<String> words = new ArrayList<>(Stream.of(batch, frames, labels, symbols, joint, threads)
                .map(String::valueOf)
                .toList());
        words.addAll(List.of(dtype, String.valueOf(steps)));
        if (from != null) {
            words.add(from.toString());
        }
        return MeasuredProcess.ours("bench rnnt", MeasuredTransducer.class, words, TransducerBench.Result.class);
    }

    private void compare(TransducerBench.Size size) {
        List<String> options = List.of(
                "--batch", String.valueOf(size.batch()),
                "--frames", String.valueOf(size.frames()),
                "--labels", String.valueOf(size.labels()),
                "--symbols", String.valueOf(size.symbols()),
                "--joint", String.valueOf(size.joint()),
                "--threads", String.valueOf(threads),
                "--steps", String.valueOf(steps));
        double[] our = new double[rounds];
        double[] theirs = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            TransducerBench.Result result = ours();
            System.out.println(line("Glossa", result.stepS(), result.firstS(), result.loss(), result.grownMb()));
            Peer peer = MeasuredProcess.peer(against, options, Peer.class);
            System.out.println(line("peer", peer.stepS(), peer.firstS(), peer.loss(), peer.grownMb()));
            our[round] = result.stepS();
            theirs[round] = peer.stepS();
        }
        double ratio = Comparison.median(theirs) / Comparison.median(our);
        System.out.printf(Locale.ROOT, "the peer's median step takes %.2f times as long%n", ratio);
    }

    private static String line(String who, double step, double first, double loss, double grown) {
        return String.format(
                Locale.ROOT,
                "%-7s %7.3f s a step, the first %7.3f s; loss %.4f an utterance; grew by %,.1f MB",
                who,
                step,
                first,
                loss,
                grown);
    }
}
