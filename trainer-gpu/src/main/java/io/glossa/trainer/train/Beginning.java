package io.glossa.trainer.train;

import io.glossa.storage.checkpoint.Base;
import io.glossa.storage.checkpoint.Checkpoint;
import io.glossa.storage.checkpoint.CheckpointMeta;
import io.glossa.storage.checkpoint.Tensor;
import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.data.Rank;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.LazyTensor;
import io.glossa.trainer.ir.Type;
import io.glossa.trainer.nn.FrontEnd;
import io.glossa.trainer.objective.AdamW;
import io.glossa.trainer.objective.Recipe;
import io.glossa.trainer.trace.Trace;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a training has before its next step.
 *
 * @param declared what its state has
 */
record Beginning(Start start, Recipe recipe, Trace declared, AdamW optimizer) {
    private static final String ADAPTERS = "adapters.";
    private static final String SPEECH = "encoder.speech.";

    /** Of the checkpoint that it goes on from. */
    Optional<CheckpointMeta> before() {
        return start instanceof Start.Resume resume
                ? Optional.of(resume.checkpoint().meta())
                : Optional.empty();
    }

    /** Of adapters on a frozen encoder, whose checkpoints have no more than what was added to their base. */
    Optional<Base> base() {
        if (start instanceof Start.Transfer transfer) {
            Map<String, Type> parameters = declared.declared(Attr.Role.PARAMETER);
            boolean adapters = parameters.keySet().stream().anyMatch(name -> name.startsWith(ADAPTERS));
            boolean frozen = parameters.keySet().stream().filter(Base::has).noneMatch(optimizer::trains);
            return adapters && frozen ? transfer.base() : Optional.empty();
        }
        return before().flatMap(CheckpointMeta::base);
    }

    /** A value for all of the state. */
    Map<String, LazyTensor> values(BatchSource source, int seed, Rank rank) {
        Map<String, LazyTensor> values = new LinkedHashMap<>(declared.initial(seed));
        if (start instanceof Start.Resume resume) {
            values.putAll(ModelTensors.write(resume.checkpoint(), declared, rank));
        } else if (start instanceof Start.Transfer transfer) {
            values.putAll(ModelTensors.ofRank(transferred(transfer.pretrained()), declared, rank));
        } else {
            int mels = declared.declared(Attr.Role.BUFFER)
                    .get(FrontEnd.MEAN)
                    .shape()
                    .dim(0);
            values.putAll(ModelTensors.made(FeatureStatistics.of(source, mels)));
        }
        return values;
    }

    /** What belongs to another objective stays behind, and what the model has not begins anew. */
    private Map<String, LazyTensor> transferred(Checkpoint pretrained) {
        Map<String, Tensor> tensors = pretrained.model();
        Map<String, Type> wanted = new LinkedHashMap<>(ModelTensors.model(declared));
        wanted.keySet().removeIf(name -> !isNeeded(name) && !(isTaken(name) && tensors.containsKey(name)));
        return ModelTensors.write(tensors, wanted, "encoder");
    }

    /** The encoder, but for blocks that speech alone goes through, and the front end. */
    private static boolean isNeeded(String name) {
        return Base.has(name) && !name.startsWith(SPEECH);
    }

    private boolean isTaken(String name) {
        return Stream.concat(Stream.of(ADAPTERS, SPEECH), recipe.takes().stream())
                .anyMatch(name::startsWith);
    }
}
