package io.glossa.jobs.train;

import io.glossa.error.GlossaException;
import io.glossa.featurize.Refusal;
import io.glossa.featurize.features.UtteranceFeatures;
import io.glossa.featurize.features.UtteranceLength;
import io.glossa.featurize.mel.FrontEndConfig;
import io.glossa.storage.LakeTable;
import io.glossa.storage.LengthClass;
import io.glossa.trainer.lake.LakeSource;
import io.glossa.trainer.lake.TrainingRows;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;

/** The rows of table utterances, whose log-mels are computed as they are read, in the bits that {@code featurize} stores. */
final class ComputedFeatures implements TrainingRows {
    private final FrontEndConfig frontEnd;
    private final Executor threads;

    /** Those that no thread is computing with. */
    private final Queue<UtteranceFeatures> idle = new ConcurrentLinkedQueue<>();

    /** @param threads that compute; to bound how many utterances are in memory as audio, it must not take any number of tasks */
    ComputedFeatures(FrontEndConfig frontEnd, Executor threads) {
        this.frontEnd = frontEnd;
        this.threads = threads;
    }

    @Override
    public LakeTable table() {
        return LakeTable.UTTERANCES;
    }

    @Override
    public String id() {
        return "id";
    }

    @Override
    public String[] columns() {
        return new String[] {id(), "recording_uri", "start_s", "duration_s", "audio"};
    }

    @Override
    public Expression lengths(int less, int most) {
        int shortest = frontEnd.samples(less + 1);
        int longest = frontEnd.samples(most + 1) - 1;
        return Expressions.and(
                Expressions.greaterThan("duration_s", UtteranceLength.seconds(shortest - 0.5)),
                Expressions.lessThan("duration_s", UtteranceLength.seconds(longest + 0.5)),
                LakeSource.inClasses(LengthClass.between(
                        UtteranceLength.lengthClass(shortest) - 1, UtteranceLength.lengthClass(longest))));
    }

    @Override
    public int frames(GenericRecord row) {
        return frontEnd.frames(UtteranceLength.samples((double) row.get("duration_s")));
    }

    @Override
    public Future<byte[]> logmel(GenericRecord row) {
        FutureTask<byte[]> task = new FutureTask<>(() -> computed(row));
        threads.execute(task);
        return task;
    }

    private byte[] computed(GenericRecord row) {
        ByteBuffer audio = (ByteBuffer) row.get("audio");
        byte[] flac = new byte[audio.remaining()];
        audio.duplicate().get(flac);
        UtteranceFeatures own = idle.poll();
        UtteranceFeatures features = own == null ? UtteranceFeatures.of(frontEnd) : own;
        try {
            UtteranceFeatures.Encoded encoded = features.encode(flac);
            if (encoded.frames() != frames(row)) {
                throw unusable(row, "decodes to " + encoded.frames() + " frames");
            }
            return encoded.logmel();
        } catch (Refusal refusal) {
            throw unusable(row, "is " + refusal.code() + ", " + refusal.getMessage());
        } finally {
            idle.add(features);
        }
    }

    private GlossaException unusable(GenericRecord row, String found) {
        return GlossaException.data("Cannot compute the features of utterance " + row.get("id") + ", "
                + row.get("start_s") + " s into " + row.get("recording_uri") + ": its audio in the lake " + found
                + ", expected FLAC of " + frames(row) + " frames (stored features leave such an utterance out:"
                + " run featurize, and train without --features on-the-fly)");
    }
}
