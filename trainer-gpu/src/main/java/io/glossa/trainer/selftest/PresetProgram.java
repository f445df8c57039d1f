package io.glossa.trainer.selftest;

import io.glossa.trainer.autograd.Joint;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.AdamW;
import io.glossa.trainer.objective.BestRq;
import io.glossa.trainer.objective.BestRqConfig;
import io.glossa.trainer.objective.Ctc;
import io.glossa.trainer.objective.Las;
import io.glossa.trainer.objective.LasConfig;
import io.glossa.trainer.objective.Rnnt;
import io.glossa.trainer.objective.RnntConfig;
import io.glossa.trainer.objective.SymbolTable;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Dumps;
import io.glossa.trainer.runtime.Lowered;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.runtime.Target;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** A program that a preset is used for, as it runs on a GPU. */
record PresetProgram(String preset, ModelConfig model, Use use, Precision precision) {
    /** What a model is used for. */
    enum Use {
        PRETRAIN("pre-training"),
        FINETUNE("fine-tuning"),
        TRANSDUCER("fine-tuning of a transducer"),
        ATTENTION("fine-tuning of attention"),
        RECOGNISE("recognition"),
        LOG_PROBABILITIES("log-probabilities"),
        TRANSDUCER_STEP("a transducer's step"),
        ATTENTION_STEP("an attention decoder's step");

        private final String words;

        Use(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    private static final Bucket BUCKET = new Bucket(4, 1600);
    private static final int CELLS = BUCKET.utterances() * BUCKET.encoderFrames();
    private static final SymbolTable SYMBOLS = SymbolTable.ofText("abcdefghijklmnopqrstuvwxyz ");

    /** Presets that are trained in F32 too. */
    private static final List<String> SMALL = List.of("xs", "s", "demo");

    /**
     * All uses of a preset in this precision; none where nobody computes a model of this size so, or with the kernels
     * of another precision. Quickly, of two layers:
     * the others have the same kernels, but for those of the optimizer that count parameters.
     */
    static List<PresetProgram> of(String preset, Precision precision, Depth depth) {
        if (precision == Precision.FP32 && !SMALL.contains(preset) || precision == Precision.FP8_FAST) {
            return List.of();
        }
        ModelConfig model =
                depth == Depth.FULL ? ModelConfig.preset(preset) : ModelConfig.preset(preset, Map.of("layers", "2"));
        return Arrays.stream(Use.values())
                .map(use -> new PresetProgram(preset, model, use, precision))
                .toList();
    }

    Lowered lowered() {
        Compile.Options options = Compile.Options.DEFAULTS.with(precision);
        Graph graph = Joint.graph(program(), new Trace());
        return Compile.lowered(preset + "-" + use.name(), graph, Target.CUDA, options, Dumps.NONE);
    }

    private Program program() {
        Supplier<Ctc> ctc = () -> new Ctc(model, SYMBOLS, true);
        Supplier<Rnnt> rnnt = () -> new Rnnt(model, SYMBOLS, RnntConfig.DEFAULTS, true);
        Supplier<Las> las = () -> new Las(model, SYMBOLS, LasConfig.DEFAULTS, true);
        return switch (use) {
            case PRETRAIN -> {
                BestRq objective = new BestRq(model, BestRqConfig.DEFAULTS);
                yield Program.training("pretrain", t -> objective.trace(t, BUCKET), new AdamW(0.01, 1));
            }
            case FINETUNE -> Program.training("finetune", t -> ctc.get().trace(t, BUCKET), new AdamW(0.01, 1));
            case TRANSDUCER -> Program.training("transducer", t -> rnnt.get().trace(t, BUCKET), new AdamW(0.01, 1));
            case ATTENTION -> Program.training("attention", t -> las.get().trace(t, BUCKET), new AdamW(0.01, 1));
            case RECOGNISE -> Program.inference("recognise", t -> ctc.get().traceRecognition(t, BUCKET, 0));
            case LOG_PROBABILITIES ->
                Program.inference("log-probabilities", t -> ctc.get().traceLogProbabilities(t, BUCKET));
            case TRANSDUCER_STEP ->
                Program.inference("transducer-step", t -> rnnt.get().traceStep(t, BUCKET.utterances(), 4));
            case ATTENTION_STEP ->
                Program.inference("attention-step", t -> las.get().traceStep(t, BUCKET, 2 * CELLS));
        };
    }
}
