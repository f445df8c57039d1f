package io.glossa.storage;

import io.glossa.error.GlossaException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.RowLevelOperationMode;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.TableProperties;

/** The lake's tables. Each row is defined by its Avro schema, {@code avro/<table>.avsc}. */
public enum LakeTable {
    /** One source file; no audio. */
    RECORDINGS,
    /** One segment of a recording with its audio: the unit of everything downstream. In the layout of {@link #FEATURES}. */
    UTTERANCES,
    /** The log-mel features of one utterance; partitioned by length class, in the order of {@link OrderHash}. */
    FEATURES,
    /** What was said in one utterance, by a person's or by a model's account. */
    TRANSCRIPTS,
    /** One sentence of a text-only corpus. */
    SENTENCES,
    /** One input that a stage could not use, and why. */
    REJECTS,
    /** What may be done with what one subject said: a recording, a speaker, a source, or what is under a licence. */
    CONSENT,
    /** Digests of what was taken out at somebody's request, and is not to come back. */
    FORGOTTEN;

    private static final int AUDIO_ROW_GROUP_BYTES = 64 << 20;
    private static final int AUDIO_DICTIONARY_BYTES = 64 << 10;
    private static final int PAGE_ROWS = 16;

    private final Schema avroSchema = parse(tableName());
    private final org.apache.iceberg.Schema icebergSchema = AvroMapping.toIceberg(avroSchema);

    /** The table's name in the namespace {@code glossa}, lower case. */
    public String tableName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The one definition of the table's row. */
    public Schema avroSchema() {
        return avroSchema;
    }

    /** The same row as Iceberg's columns; an Avro union with null is an optional column. */
    public org.apache.iceberg.Schema icebergSchema() {
        return icebergSchema;
    }

    /** The columns that tell its rows apart: no two rows of a snapshot are equal in all of them. */
    public List<String> key() {
        return switch (this) {
            case RECORDINGS, UTTERANCES, SENTENCES, REJECTS, CONSENT, FORGOTTEN -> List.of("id");
            case FEATURES -> List.of("utterance_id", "config_digest");
            case TRANSCRIPTS -> List.of("utterance_id", "kind", "generation", "teacher");
        };
    }

    /** How the table's files are divided. Small on purpose: a laptop's lake has few rows. */
    public PartitionSpec partitionSpec() {
        return isTrainedOn()
                ? PartitionSpec.builderFor(icebergSchema)
                        .identity("length_class")
                        .build()
                : PartitionSpec.unpartitioned();
    }

    /** How rows are ordered within a file. */
    public SortOrder sortOrder() {
        return isTrainedOn()
                ? SortOrder.builderFor(icebergSchema).asc("order_hash").build()
                : SortOrder.unsorted();
    }

    /** The table's properties: format 2, copy-on-write, and column settings for the large binaries. */
    public Map<String, String> properties() {
        Map<String, String> properties = new HashMap<>();
        String copyOnWrite = RowLevelOperationMode.COPY_ON_WRITE.modeName();
        properties.put(TableProperties.FORMAT_VERSION, "2");
        properties.put(TableProperties.DELETE_MODE, copyOnWrite);
        properties.put(TableProperties.UPDATE_MODE, copyOnWrite);
        properties.put(TableProperties.MERGE_MODE, copyOnWrite);
        if (this == UTTERANCES) {
            properties.put(TableProperties.PARQUET_COMPRESSION, "uncompressed"); // FLAC does not compress again
            withoutStatistics(properties, "audio");
        } else if (this == FEATURES) {
            withoutStatistics(properties, "logmel");
        }
        if (isTrainedOn()) {
            // Who reads a range of hashes reads whole pages.
            properties.put(TableProperties.PARQUET_PAGE_ROW_LIMIT, Integer.toString(PAGE_ROWS));
        }
        return Map.copyOf(properties);
    }

    /** Whether trainings read its rows, by length and in the order of {@link OrderHash}. */
    private boolean isTrainedOn() {
        return this == UTTERANCES || this == FEATURES;
    }

    /**
     * No minimum and maximum for a column of large values, and no dictionary: one value of it is larger than the whole
     * dictionary may be, so that the writer gives it up at once and keeps it for the other columns.
     */
    private static void withoutStatistics(Map<String, String> properties, String column) {
        properties.put(TableProperties.METRICS_MODE_COLUMN_CONF_PREFIX + column, "none");
        properties.put(TableProperties.PARQUET_COLUMN_STATS_ENABLED_PREFIX + column, "false");
        properties.put(TableProperties.PARQUET_DICT_SIZE_BYTES, Integer.toString(AUDIO_DICTIONARY_BYTES));
        properties.put(TableProperties.PARQUET_ROW_GROUP_SIZE_BYTES, Integer.toString(AUDIO_ROW_GROUP_BYTES));
    }

    private static Schema parse(String table) {
        String resource = "avro/" + table + ".avsc";
        try (InputStream in = LakeTable.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw GlossaException.internal("Cannot load the schema of " + table + ": no resource " + resource);
            }
            return new Schema.Parser().parse(in);
        } catch (IOException e) {
            throw GlossaException.internal("Cannot load the schema of " + table + ": " + e.getMessage())
                    .causedBy(e);
        }
    }
}
