package io.glossa.trainer.objective;

import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.nn.KeysAndValues;
import io.glossa.trainer.nn.Lengths;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.nn.Scope;
import io.glossa.trainer.nn.TextDecoder;
import io.glossa.trainer.trace.Init;
import io.glossa.trainer.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Recognition by attention (LAS, "Listen, Attend and Spell", Chan et al. 2016) with a Transformer for a decoder: it names one
 * symbol after another, of all that the encoder says and the symbols before, and then the end. Symbol 0, which is no text's, is
 * the end, and what is before the first symbol.
 *
 * <p>The loss is the mean over utterances of (1 - w) times the cross-entropy per symbol, the end among them, against smoothed
 * targets, plus w times CTC's negative log-likelihood per label on the same encoder.
 *
 * <p>Metrics: {@code nll}, the negative log-likelihood per utterance, {@code accuracy}, the share of symbols that are the most
 * probable after those before, and with CTC {@code infeasible}, as {@link Ctc} has it.
 *
 * @param specAugment whether to hide parts of the features in training
 */
public record Las(ModelConfig model, SymbolTable symbols, LasConfig las, boolean specAugment) implements Recognition {
    public static final String KIND = "las";

    /** The symbol before, by name. */
    public static final String LAST = "last";

    /** How many symbols there are before, by name. */
    public static final String PLACE = "place";

    private static final String DECODER = "decoder";

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Map<String, String> config() {
        return new Augmentation(specAugment).config(symbols, model, las);
    }

    @Override
    public String outputs() {
        return DECODER + ".output.weight";
    }

    @Override
    public void trace(Trace trace, Bucket bucket) {
        Scope root = Scope.root(trace);
        Encoded encoded = Encoded.of(trace, bucket, model, specAugment);
        Targets targets = Targets.of(trace, bucket);
        int places = bucket.labels() + 1;
        Tensor logits = decoder(root)
                .apply(
                        targets.labels().pad(1, 1, 0),
                        encoded.frames(),
                        encoded.lengths().real())
                .reshape(-1, symbols.size());
        Tensor next = targets.labels().pad(1, 0, 1).reshape(-1);

        Tensor present = encoded.present();
        Tensor named = targets.counts().add(1).mul(present);
        Tensor counted = new Lengths(named, places).real().cast(DType.F32).reshape(-1);
        Tensor nll = Tensor.call(new CrossEntropy(), logits, next).mul(counted);
        Tensor picked = CrossEntropy.picked(logits, next);
        Tensor spread = picked.sub(logits.mean(-1)).reshape(-1).mul(counted).mul(las.labelSmoothing());
        Tensor perSymbol = nll.add(spread)
                .reshape(bucket.utterances(), places)
                .sum(1)
                .reshape(-1)
                .mul(named.maximum(named.constant(1)).reciprocal());
        trace.loss(ctc().with(perSymbol, root, model, symbols, encoded, targets).total(), present.total());
        trace.mean("nll", nll.total(), present.total());
        Tensor hits = picked.equal(logits.max(-1)).cast(DType.F32).reshape(-1).mul(counted);
        trace.mean("accuracy", hits.total(), counted.total());
    }

    /** The encoder, the decoder, and CTC's layer where it has a part. */
    @Override
    public double flop(Bucket bucket, int labels) {
        return Flops.trained(Flops.encoder(model, bucket)
                + Flops.decoder(model, las.decoderLayers(), symbols.size(), bucket)
                + ctc().flop(model, bucket, symbols));
    }

    /**
     * Leaves what the decoder takes of each frame in the state, for {@link #traceStep}; of CTC, where it has a part, declares
     * {@link LogProbabilities} of each frame.
     */
    @Override
    public void traceRecognition(Trace trace, Bucket bucket, int cells) {
        Encoded encoded = Encoded.of(trace, bucket, model);
        Scope root = Scope.root(trace);
        ctc().declareLogProbabilities(root, model, symbols, encoded);
        List<KeysAndValues> memory = decoder(root).memory(encoded.frames());
        for (int i = 0; i < memory.size(); i++) {
            carried(trace, "memory." + i, bucket, cells).update(memory.get(i));
            carried(trace, "past." + i, bucket, cells);
        }
    }

    /**
     * Declares the step from a symbol to the next, after {@link #traceRecognition} of a batch of the same bucket: from
     * {@link #LAST} I32 [B], {@link #PLACE} I32 [], from 0 on, and the features' lengths, to {@link LogProbabilities}, [B, V].
     * There are places for as many symbols as a bucket has labels.
     */
    public void traceStep(Trace trace, Bucket bucket, int cells) {
        Lengths lengths = Lengths.of(Inputs.lengths(trace, bucket), bucket.frames());
        TextDecoder decoder = decoder(Scope.root(trace));
        List<Carried> past = new ArrayList<>();
        List<KeysAndValues> memory = new ArrayList<>();
        for (int i = 0; i < decoder.layers(); i++) {
            past.add(carried(trace, "past." + i, bucket, cells));
            memory.add(carried(trace, "memory." + i, bucket, cells).value());
        }
        TextDecoder.Step step = decoder.next(
                trace.batch(LAST, DType.I32, bucket.utterances()),
                trace.batch(PLACE, DType.I32),
                past.stream().map(Carried::value).toList(),
                memory,
                lengths.halved().halved().real());
        for (int i = 0; i < decoder.layers(); i++) {
            past.get(i).update(step.past().get(i));
        }
        LogProbabilities.declare(trace, step.logits());
    }

    private CtcShare ctc() {
        return new CtcShare(las.ctcWeight());
    }

    private TextDecoder decoder(Scope root) {
        return new TextDecoder(root.child(DECODER), model, las.decoderLayers(), symbols.size());
    }

    private Carried carried(Trace trace, String name, Bucket bucket, int cells) {
        return new Carried(
                trace,
                name,
                bucket,
                new KeysAndValues(
                        trace.state("decoding." + name + ".keys", Init.ZEROS, cells, model.dModel()),
                        trace.state("decoding." + name + ".values", Init.ZEROS, cells, model.dModel())));
    }

    /** Keys and values that are carried from step to step: room for the largest batch, of which a bucket's is the beginning. */
    private record Carried(Trace trace, String name, Bucket bucket, KeysAndValues room) {
        KeysAndValues value() {
            return room.each(
                    all -> all.slice(0, 0, cells()).reshape(bucket.utterances(), bucket.encoderFrames(), all.dim(1)));
        }

        void update(KeysAndValues value) {
            trace.update("decoding." + name + ".keys", whole(value.keys(), room.keys()));
            trace.update("decoding." + name + ".values", whole(value.values(), room.values()));
        }

        private Tensor whole(Tensor value, Tensor all) {
            Tensor own = value.reshape(cells(), all.dim(1));
            return cells() == all.dim(0) ? own : own.concat(0, all.slice(0, cells(), all.dim(0)));
        }

        private int cells() {
            return bucket.utterances() * bucket.encoderFrames();
        }
    }
}
