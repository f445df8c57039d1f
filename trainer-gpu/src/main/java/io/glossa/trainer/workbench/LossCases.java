package io.glossa.trainer.workbench;

import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.objective.BestRqConfig;
import io.glossa.trainer.objective.Losses;
import io.glossa.trainer.trace.Init;
import java.util.Map;
import java.util.Random;

/** What the objectives have beside the encoder. */
final class LossCases {
    private static final int SEED = 3;

    private LossCases() {}

    static KernelCase crossEntropy(Extents e) {
        int rows = e.rows();
        int codes = e.books().codes();
        double product = (double) rows * e.width() * codes;
        double matrices = (double) rows * e.width() + (double) e.width() * codes;
        HostTensor classes = HostTensor.of(new Random(SEED).ints(rows, 0, codes).toArray(), rows);
        return new KernelCase(
                t -> {
                    Tensor hidden = Values.random(t, "hidden", rows, e.width());
                    Tensor weight = t.parameter("weight", Init.xavier(e.width(), codes), e.width(), codes);
                    Tensor logits = hidden.matmul(weight).add(Values.random(t, "bias", codes));
                    Values.withGradients(t, Losses.crossEntropy(logits, t.batch("classes", DType.I32, rows)));
                },
                Map.of("classes", classes),
                6 * product,
                matrices,
                matrices);
    }

    static KernelCase codebookSearch(Extents e) {
        BestRqConfig books = e.books();
        int rows = e.rows();
        double entries = (double) books.codebooks() * books.codes() * books.codeDim();
        return new KernelCase(
                t -> t.output(
                        "value",
                        Losses.codebookSearch(
                                t.buffer("rows", new Init.Normal(1), rows, books.codebooks() * books.codeDim()),
                                t.buffer(
                                        "codebook",
                                        new Init.UnitRows(),
                                        books.codebooks(),
                                        books.codes(),
                                        books.codeDim()))),
                Map.of(),
                2 * rows * entries,
                entries + (double) rows * books.codebooks() * books.codeDim(),
                (double) rows * books.codebooks());
    }

    static KernelCase ctc(Extents e) {
        int batch = e.utterances();
        int labels = e.labels();
        double logits = (double) e.allFrames() * e.symbols();
        return new KernelCase(
                t -> Values.withGradients(
                        t,
                        Losses.ctc(
                                t.parameter("logits", new Init.Normal(1), batch, e.frames(), e.symbols()),
                                t.batch("labels", DType.I32, batch, labels),
                                t.batch("frames", DType.I32, batch),
                                t.batch("lengths", DType.I32, batch))),
                labels(e),
                20 * logits + 20.0 * e.allFrames() * (2 * labels + 1),
                2 * logits,
                logits + batch);
    }

    /** The model's width is that of the joint network too. */
    static KernelCase transducer(Extents e) {
        int batch = e.utterances();
        int labels = e.labels();
        double product = (double) e.allFrames() * (labels + 1) * e.width() * e.symbols();
        double operands = ((double) e.allFrames() + batch * (labels + 1) + e.symbols()) * e.width();
        return new KernelCase(
                t -> Values.withGradients(
                        t,
                        Losses.transducer(
                                Values.random(t, "frames of the encoder", batch, e.frames(), e.width()),
                                Values.random(t, "prediction", batch, labels + 1, e.width()),
                                t.parameter("weight", Init.xavier(e.width(), e.symbols()), e.width(), e.symbols()),
                                Values.random(t, "bias", e.symbols()),
                                t.batch("labels", DType.I32, batch, labels),
                                t.batch("frames", DType.I32, batch),
                                t.batch("lengths", DType.I32, batch))),
                labels(e),
                8 * product,
                operands,
                operands);
    }

    /** Labels, frames and lengths, each utterance a little shorter than the one before. */
    private static Map<String, HostTensor> labels(Extents e) {
        int batch = e.utterances();
        int labels = e.labels();
        int[] frames = new int[batch];
        int[] lengths = new int[batch];
        for (int i = 0; i < batch; i++) {
            frames[i] = Math.max(1, e.frames() - i);
            lengths[i] = Math.max(0, labels - i);
        }
        HostTensor spelled = HostTensor.of(
                new Random(SEED).ints(batch * labels, 1, e.symbols()).toArray(), batch, labels);
        return Map.of(
                "labels", spelled,
                "frames", HostTensor.of(frames, batch),
                "lengths", HostTensor.of(lengths, batch));
    }
}
