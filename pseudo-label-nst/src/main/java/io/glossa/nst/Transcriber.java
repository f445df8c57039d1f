package io.glossa.nst;

import io.glossa.error.GlossaException;
import io.glossa.storage.Half;
import io.glossa.storage.checkpoint.Checkpoint;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Precision;
import io.glossa.trainer.train.Recognizer;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * A model on a device: on one thread of the processor for one task, or on a GPU for all tasks that have it, in turns. Each
 * task gathers utterances until a group is worth recognising together, and each group goes in batches of similar length.
 */
final class Transcriber implements AutoCloseable {
    /** Least frames of a group: 10 minutes, which is 31 MB of log-mels. */
    private static final int GROUP_FRAMES = 60_000;

    /** Least batches of a group, so that those which its utterances do not fill are few. */
    private static final int GROUP_BATCHES = 4;

    private final Teacher teacher;
    private final String gpu;
    private final Device device;
    private final Recognizer recognizer;

    private Transcriber(Teacher teacher, String gpu, Device device, Recognizer recognizer) {
        this.teacher = teacher;
        this.gpu = gpu;
        this.device = device;
        this.recognizer = recognizer;
    }

    /**
     * Loads the teacher, to compute in fp32 if it was trained so, else in bf16; the first run of a length compiles its program,
     * or takes it from the cache.
     *
     * @param gpu address of the GPU to use, where the teacher's device is one
     */
    static Transcriber open(Teacher teacher, String gpu) {
        Checkpoint checkpoint = Checkpoints.readModel(teacher.folder(), Optional.ofNullable(teacher.base()));
        boolean exact = checkpoint.meta().config().getOrDefault("dtype", "fp32").equals("fp32");
        Device device = DeviceRequest.of(teacher.device())
                .withThreads(1)
                .withAddress(gpu)
                .with(Compile.Options.DEFAULTS.with(exact ? Precision.FP32 : Precision.BF16))
                .open();
        try {
            return new Transcriber(teacher, gpu, device, Recognizer.open(device, checkpoint));
        } catch (RuntimeException e) {
            device.close();
            throw e;
        }
    }

    Teacher teacher() {
        return teacher;
    }

    /** Whether it is what a task with this GPU needs. */
    boolean serves(Teacher wanted, String wantedGpu) {
        return teacher.equals(wanted) && (!teacher.isOnGpu() || gpu.equals(wantedGpu));
    }

    /** Whether several tasks may have it. */
    boolean isShared() {
        return teacher.isOnGpu();
    }

    /** A hypothesis for each utterance, in their order; a group is read and recognised when it is asked for. */
    Iterator<Hypothesis> transcribe(Iterator<Features> utterances) {
        return new Iterator<>() {
            private final Deque<Hypothesis> ready = new ArrayDeque<>();

            @Override
            public boolean hasNext() {
                return !ready.isEmpty() || utterances.hasNext();
            }

            @Override
            public Hypothesis next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                if (ready.isEmpty()) {
                    ready.addAll(recognize(group(utterances)));
                }
                return ready.remove();
            }
        };
    }

    private List<Features> group(Iterator<Features> utterances) {
        List<Features> group = new ArrayList<>();
        int most = Math.max(GROUP_FRAMES, GROUP_BATCHES * recognizer.batchFrames());
        for (int frames = 0; frames < most && utterances.hasNext(); ) {
            group.add(utterances.next());
            frames += group.get(group.size() - 1).frames();
        }
        return group;
    }

    private List<Hypothesis> recognize(List<Features> group) {
        List<float[]> logMels = group.stream().map(this::logMel).toList();
        List<io.glossa.trainer.train.Hypothesis> heard;
        synchronized (recognizer) {
            heard = recognizer.recognize(logMels);
        }
        List<Hypothesis> hypotheses = new ArrayList<>();
        for (int i = 0; i < heard.size(); i++) {
            hypotheses.add(Hypothesis.of(group.get(i), heard.get(i)));
        }
        return hypotheses;
    }

    private float[] logMel(Features features) {
        float[] values = Half.decode(ByteBuffer.wrap(features.logmel()));
        if (features.mels() != teacher.mels() || values.length != features.frames() * features.mels()) {
            throw GlossaException.data("Cannot recognise utterance " + features.utterance() + ": its features have "
                    + values.length + " values in " + features.frames() + " frames of " + features.mels()
                    + ", expected frames of " + teacher.mels() + " (compute features as for the model's training)");
        }
        return values;
    }

    @Override
    public void close() {
        recognizer.close();
        device.close();
    }
}
