package io.glossa.nst;

import io.glossa.error.GlossaException;
import io.glossa.storage.Half;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.train.Recognizer;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * One task's recogniser: a model on a cpu device with one thread. Utterances are gathered until a group is worth
 * recognising together, and each group goes in batches of similar length.
 */
final class Transcriber implements AutoCloseable {
    /** Audio recognised at once, padding included. */
    private static final double BATCH_SECONDS = 16;

    /** Frames of a group: 10 minutes, which is 31 MB of log-mels. */
    private static final int GROUP_FRAMES = 60_000;

    private final Teacher teacher;
    private final Device device;
    private final Recognizer recognizer;

    private Transcriber(Teacher teacher, Device device, Recognizer recognizer) {
        this.teacher = teacher;
        this.device = device;
        this.recognizer = recognizer;
    }

    /** Loads the teacher; the first run of a length compiles its program, or takes it from the cache. */
    static synchronized Transcriber open(Teacher teacher) {
        Device device = DeviceRequest.of("cpu").withThreads(1).open();
        try {
            return new Transcriber(
                    teacher, device, Recognizer.open(device, Checkpoints.read(teacher.path()), BATCH_SECONDS));
        } catch (RuntimeException e) {
            device.close();
            throw e;
        }
    }

    Teacher teacher() {
        return teacher;
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

    private static List<Features> group(Iterator<Features> utterances) {
        List<Features> group = new ArrayList<>();
        for (int frames = 0; frames < GROUP_FRAMES && utterances.hasNext(); ) {
            group.add(utterances.next());
            frames += group.get(group.size() - 1).frames();
        }
        return group;
    }

    private List<Hypothesis> recognize(List<Features> group) {
        List<io.glossa.trainer.train.Hypothesis> heard =
                recognizer.recognize(group.stream().map(this::logMel).toList());
        List<Hypothesis> hypotheses = new ArrayList<>();
        for (int i = 0; i < heard.size(); i++) {
            Features of = group.get(i);
            io.glossa.trainer.train.Hypothesis found = heard.get(i);
            hypotheses.add(new Hypothesis(
                    of.utterance(),
                    of.lang(),
                    of.split(),
                    found.text(),
                    found.score(),
                    found.confidence(),
                    Teacher.seconds(of.frames())));
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
