package io.glossa.trainer.objective;

import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.nn.Lengths;
import io.glossa.trainer.nn.Scope;
import io.glossa.trainer.nn.SharedEncoder;
import io.glossa.trainer.nn.TextEncoder;
import io.glossa.trainer.nn.Upsampling;
import io.glossa.trainer.trace.Trace;

/**
 * MOST's stream of text without speech: symbols are laid out over frames, spans of frames are hidden, and what the text encoder and
 * the shared encoder make of the rest has to spell the whole text. The loss is the transducer's, as {@link Rnnt} has it.
 *
 * <p>Metrics: {@code nll}, the negative log-likelihood per text; {@code masked-share}, of the frames; and those of {@link Spread}
 * of the text encoder's frames, by which one sees that it has collapsed.
 */
record MostText(Most most) implements MostStream {
    @Override
    public String kind() {
        return Most.KIND + "-text";
    }

    @Override
    public void trace(Trace trace, Bucket bucket) {
        Scope root = Scope.root(trace);
        MostConfig settings = most.settings();
        Lengths lengths = Lengths.of(Inputs.lengths(trace, bucket), bucket.frames())
                .halved()
                .halved();
        Targets targets = Targets.of(trace, bucket);
        Tensor starts = trace.batch(Inputs.STARTS, DType.I32, bucket.utterances(), bucket.labels());
        Tensor symbols = Upsampling.of(targets.labels(), targets.lengths(), starts, lengths.extent())
                .symbols();

        Tensor masked = SpanMask.draw(
                trace.seed(),
                Inputs.streams(trace, bucket),
                lengths.real(),
                SpanMask.start(settings.textMaskShare(), settings.textMaskSpan()),
                settings.textMaskSpan());
        Tensor hidden = masked.where(symbols.constant(SymbolTable.BLANK), symbols);
        Tensor text = new TextEncoder(root, model(), most.symbols().size(), settings.textConvolutions())
                .apply(hidden, lengths.mask());
        new TransducerHead(root, model(), most.transducer(), most.symbols())
                .loss(new Encoded(new SharedEncoder(root, model()).apply(text, lengths), lengths), targets)
                .declare(trace);

        trace.mean(
                "masked-share",
                masked.cast(DType.F32).total(),
                lengths.real().cast(DType.F32).total());
        Spread.of(text, lengths).declare(trace, "text");
    }

    /** The text encoder, the shared encoder, prediction and joint network. */
    @Override
    public double flop(Bucket bucket, int labels) {
        return Flops.trained(textEncoderFlop(bucket)
                + Flops.blocks(model(), bucket, model().layers())
                + transducerFlop(bucket, labels));
    }
}
