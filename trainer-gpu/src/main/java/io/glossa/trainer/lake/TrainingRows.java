package io.glossa.trainer.lake;

import io.glossa.storage.LakeTable;
import java.util.concurrent.Future;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.expressions.Expression;

/** How a table that is partitioned by length, in the order of hashes, tells of utterances and their log-mels. From any thread. */
public interface TrainingRows {
    LakeTable table();

    /** The column of the utterance's id. */
    String id();

    /** The columns that are read, the id among them. */
    String[] columns();

    /** A condition on the rows of utterances of more than {@code less} and at most {@code most} frames. */
    Expression lengths(int less, int most);

    /** Frames of a row's utterance. */
    int frames(GenericRecord row);

    /**
     * Log-mels of a row, [frames × mels] half floats, little-endian; made now, or by a thread that this gives it to.
     *
     * @throws io.glossa.error.GlossaException now or there, of type DATA for a row that has not as many frames as it says
     */
    Future<byte[]> logmel(GenericRecord row);
}
