package io.glossa.trainer.lake;

import io.glossa.error.GlossaException;
import io.glossa.storage.LakeTable;
import io.glossa.storage.LengthClass;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;

/**
 * The rows of table features that are of one front end.
 *
 * @param frontEnd its digest
 */
public record StoredFeatures(String frontEnd) implements TrainingRows {
    private static final int HALF_BYTES = 2;

    @Override
    public LakeTable table() {
        return LakeTable.FEATURES;
    }

    @Override
    public String id() {
        return "utterance_id";
    }

    @Override
    public String[] columns() {
        return new String[] {id(), "n_frames", "n_mels", "logmel"};
    }

    @Override
    public Expression lengths(int less, int most) {
        return Expressions.and(
                Expressions.equal("config_digest", frontEnd),
                Expressions.greaterThan("n_frames", less),
                Expressions.lessThanOrEqual("n_frames", most),
                LakeSource.inClasses(LengthClass.between(less, most)));
    }

    @Override
    public int frames(GenericRecord row) {
        return (int) row.get("n_frames");
    }

    @Override
    public Future<byte[]> logmel(GenericRecord row) {
        ByteBuffer logmel = (ByteBuffer) row.get("logmel");
        int frames = frames(row);
        int mels = (int) row.get("n_mels");
        if (logmel.remaining() != (long) frames * mels * HALF_BYTES) {
            throw GlossaException.data("Cannot read the features of utterance " + row.get("utterance_id") + ": found "
                    + logmel.remaining() + " bytes in " + frames + " frames of " + mels
                    + " mels, expected two bytes for each value (featurize again)");
        }
        byte[] bytes = new byte[logmel.remaining()];
        logmel.duplicate().get(bytes);
        return CompletableFuture.completedFuture(bytes);
    }
}
