package io.glossa.trainer.objective;

import io.glossa.config.ConfigBinder;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.nn.Encoder;
import io.glossa.trainer.nn.FrontEnd;
import io.glossa.trainer.nn.Lengths;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.nn.Scope;
import io.glossa.trainer.trace.Trace;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Recognition by a transducer (RNN-T, Graves 2012): after each label, and after each frame, a joint network names the next
 * label or blank, from what the encoder says of the frame and a prediction network of the labels before. The loss is the mean
 * over utterances of the negative log-likelihood per label.
 *
 * <p>Metric: {@code nll}, the negative log-likelihood per utterance.
 *
 * @param specAugment whether to hide parts of the features in training
 */
public record Rnnt(ModelConfig model, SymbolTable symbols, RnntConfig transducer, boolean specAugment)
        implements Objective {
    public static final String KIND = "rnnt";

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Map<String, String> config() {
        Map<String, String> config = new LinkedHashMap<>(ConfigBinder.values(model));
        config.putAll(ConfigBinder.values(transducer));
        config.putAll(symbols.config());
        config.put(Ctc.SPEC_AUGMENT, Boolean.toString(specAugment));
        return config;
    }

    @Override
    public void trace(Trace trace, Bucket bucket) {
        Scope root = Scope.root(trace);
        Lengths lengths = Lengths.of(Inputs.lengths(trace, bucket), bucket.frames());
        Tensor features = new FrontEnd(root, model).apply(Inputs.features(trace, bucket, model.mels()));
        if (specAugment) {
            features = new SpecAugment(trace.seed(), Inputs.streams(trace, bucket)).apply(features, lengths);
        }
        Tensor x = new Encoder(root, model).apply(features, lengths);
        TransducerHead head = new TransducerHead(root, model, transducer, symbols);
        head.loss(x, lengths.halved().halved(), Inputs.labels(trace, bucket), Inputs.labelLengths(trace, bucket))
                .declare(trace);
    }
}
