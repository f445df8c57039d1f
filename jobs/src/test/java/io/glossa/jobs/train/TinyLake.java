package io.glossa.jobs.train;

import io.glossa.storage.Half;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import io.glossa.storage.LengthClass;
import io.glossa.storage.OrderHash;
import io.glossa.trainer.objective.Head;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/** A lake of random tones: each letter is a band of bins that is loud for some frames. */
public final class TinyLake {
    public static final int MELS = 8;

    private static final String LETTERS = "abc";
    private static final int LETTER_FRAMES = 16;

    private TinyLake() {}

    /** The smallest model and few steps. */
    public static Map<String, String> settings(String... more) {
        Map<String, String> settings = new LinkedHashMap<>(Map.of(
                "layers", "1",
                "d-model", "8",
                "heads", "2",
                "ffn", "12",
                "kernel", "3",
                "attention", "chunk:6",
                "mels", Integer.toString(MELS),
                "channels", "4",
                "buckets", "80",
                "batch-seconds", "3.2"));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return settings;
    }

    /** The smallest head besides. */
    static Map<String, String> head(Head head, String... more) {
        Map<String, String> settings = settings(more);
        settings.putAll(
                switch (head) {
                    case CTC -> Map.of();
                    case RNNT -> Map.of("prediction-width", "6", "joint-width", "10");
                    case LAS -> Map.of("decoder-layers", "1");
                });
        return settings;
    }

    /** The smallest codebooks besides. */
    public static Map<String, String> pretraining(String... more) {
        Map<String, String> settings = settings(more);
        settings.putAll(Map.of("codebooks", "2", "codes", "16", "code-dim", "4"));
        return settings;
    }

    /**
     * Ten transcribed utterances, one whose text is too long for it, one without a text and one too long for any bucket,
     * all of the split train; six that a teacher labelled, one with a letter that no person wrote, and one that a filter
     * took away.
     */
    public static void fill(SparkSession spark, Lake lake) {
        Random random = new Random(7);
        List<Row> features = new ArrayList<>();
        List<Row> texts = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            String text = text(random, 2 + random.nextInt(3));
            features.add(features(random, "human-" + i, "train", text, text.length() * LETTER_FRAMES));
            texts.add(text("human-" + i, "train", text, 0, "accepted"));
        }
        features.add(features(random, "crowded", "train", "a", 20));
        texts.add(text("crowded", "train", "abcabcabc", 0, "accepted"));
        features.add(features(random, "silent", "train", "a", 40));
        features.add(features(random, "long", "train", "abc", 200));
        texts.add(text("long", "train", "abc", 0, "accepted"));
        for (int i = 0; i < 6; i++) {
            features.add(features(random, "pseudo-" + i, "unlabelled", "ab", 2 * LETTER_FRAMES));
            String heard = i == 5 ? "az" : "ab";
            texts.add(text("pseudo-" + i, "unlabelled", heard, 1, i == 4 ? "repetition" : "accepted"));
        }
        append(spark, lake, LakeTable.FEATURES, features);
        append(spark, lake, LakeTable.TRANSCRIPTS, texts);
    }

    /** Adds one utterance: another snapshot. */
    static void addOne(SparkSession spark, Lake lake) {
        append(spark, lake, LakeTable.FEATURES, List.of(features(new Random(8), "late", "train", "abc", 48)));
    }

    /** Adds so many utterances of the split train, without texts. */
    public static void more(SparkSession spark, Lake lake, int count) {
        Random random = new Random(9);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(features(random, "more-" + i, "train", text(random, 3), 3 * LETTER_FRAMES));
        }
        append(spark, lake, LakeTable.FEATURES, rows);
    }

    /** Adds rows to a table. */
    public static void append(SparkSession spark, Lake lake, LakeTable table, List<Row> rows) {
        lake.table(table);
        String name = "lake.glossa." + table.tableName();
        try {
            spark.createDataFrame(rows, spark.table(name).schema())
                    .writeTo(name)
                    .append();
        } catch (org.apache.spark.sql.catalyst.analysis.NoSuchTableException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An utterance of half a second without audio, in the order of the table's columns. */
    public static Row utterance(String id, String recording, String speaker, String source, String licence) {
        return RowFactory.create(
                id,
                recording,
                "audio/" + recording + ".wav",
                0.0,
                0.5,
                0.5,
                speaker,
                "en",
                "train",
                source,
                licence,
                new byte[1],
                OrderHash.of(id),
                LengthClass.of(50));
    }

    /** A recording of two seconds, in the order of the table's columns. */
    public static Row recording(String id, String source, String licence) {
        return RowFactory.create(
                id,
                "audio/" + id + ".wav",
                1L,
                "wav",
                "pcm",
                16000,
                1,
                2.0,
                false,
                null,
                licence,
                source,
                "en",
                "test",
                0L,
                null,
                null);
    }

    private static Row features(Random random, String id, String split, String text, int frames) {
        float[] logmel = new float[frames * MELS];
        for (int k = 0; k < logmel.length; k++) {
            int letter = k / MELS / LETTER_FRAMES;
            boolean speaks = k / MELS % LETTER_FRAMES < 10 && letter < text.length();
            boolean loud = speaks && k % MELS == LETTERS.indexOf(text.charAt(letter)) + 1;
            logmel[k] = (float) ((loud ? 3 : -1) + 0.3 * random.nextGaussian());
        }
        return RowFactory.create(
                id,
                "en",
                split,
                frames,
                MELS,
                "fp16",
                Half.encode(logmel),
                "tiny",
                OrderHash.of(id),
                LengthClass.of(frames));
    }

    private static Row text(String id, String split, String text, int generation, String verdict) {
        String kind = generation == 0 ? "human" : "pseudo";
        String teacher = generation == 0 ? null : "t";
        return RowFactory.create(id, "en", split, text, text, kind, generation, teacher, null, null, null, verdict);
    }

    private static String text(Random random, int letters) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < letters; i++) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString();
    }
}
