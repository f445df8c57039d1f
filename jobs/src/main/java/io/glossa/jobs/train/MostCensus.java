package io.glossa.jobs.train;

import static org.apache.spark.sql.functions.col;

import io.glossa.featurize.lake.KeptStage;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import io.glossa.storage.Lineage;
import io.glossa.storage.OrderHash;
import io.glossa.trainer.data.Buckets;
import io.glossa.trainer.data.Utterance;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.Durations;
import io.glossa.trainer.objective.Most;
import io.glossa.trainer.objective.MostConfig;
import io.glossa.trainer.objective.Rnnt;
import io.glossa.trainer.objective.SymbolTable;
import io.glossa.trainer.text.Encoding;
import io.glossa.trainer.train.Admission;
import io.glossa.trainer.train.Curriculum;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Spliterators;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The censuses of MOST's streams, each in a folder of its own in the run's: those that its phases have. */
record MostCensus(SparkSession spark, Lake lake, Lineage lineage, TrainData data, Buckets buckets, Folder folder) {
    /** Where they are in a run's folder. */
    static final String STREAMS = "streams";

    private static final StructType SCHEMA = TrainRows.SCHEMA.add("lang", DataTypes.StringType);

    /** Takes those that are not there, and notes what all together train on. */
    void run(Curriculum curriculum, MostConfig settings) {
        TrainedOn all = TrainedOn.NOTHING;
        CensusTaking.of(spark, lake, lineage(Most.PAIRED), data.ofPaired(), buckets, of(folder, Most.PAIRED));
        all = all.and(TrainedOn.read(of(folder, Most.PAIRED)));
        if (curriculum.has(Most.UNTRANSCRIBED)) {
            Folder own = of(folder, Most.UNTRANSCRIBED);
            CensusTaking.of(spark, lake, lineage(Most.UNTRANSCRIBED), data.ofUntranscribed(), buckets, own);
            all = all.and(TrainedOn.read(own).asUntranscribed());
        }
        if (curriculum.has(Most.TEXT)) {
            texts(settings);
            all = all.and(TrainedOn.read(of(folder, Most.TEXT)).asTexts());
        }
        all.write(folder);
    }

    /** A stream's folder in a run's. */
    static Folder of(Folder run, String stream) {
        return run.resolve(STREAMS).resolve(stream);
    }

    /** What the census of the texts is of: their symbols are those of the transcripts. */
    static Map<String, String> texts(TrainData data, Buckets buckets, MostConfig settings) {
        Map<String, String> identity = new TreeMap<>(CensusFile.identity(data.ofPaired(), buckets));
        identity.put("snapshot of sentences", Long.toString(data.sentences()));
        identity.put("frames-per-symbol", Double.toString(settings.framesPerSymbol()));
        identity.put("text-temperature", Double.toString(settings.textTemperature()));
        return identity;
    }

    private void texts(MostConfig settings) {
        Map<String, String> symbols = CensusFile.read(of(folder, Most.PAIRED), data.ofPaired(), buckets)
                .symbols();
        CensusTaking census = new CensusTaking(
                spark,
                lake,
                lineage(Most.TEXT),
                new CensusTaking.Of(texts(data, buckets, settings), LakeTable.SENTENCES, data.sentences(), true, false),
                buckets,
                of(folder, Most.TEXT));
        if (census.isTaken()) {
            return;
        }
        List<Integer> frames = buckets.frames();
        Durations.Kind kind = settings.layout().kind();
        double framesPerSymbol = settings.layout().framesPerSymbol();
        Dataset<Row> rows = TrainRows.table(spark, LakeTable.SENTENCES, data.sentences())
                .select(col("id"), col("text"), col("lang"))
                .mapPartitions(
                        (MapPartitionsFunction<Row, Row>)
                                some -> decided(some, frames, symbols, new Durations(kind, framesPerSymbol)),
                        Encoders.row(SCHEMA));
        try (KeptStage kept = new KeptStage(spark, rows, SCHEMA)) {
            LanguageTimes times = LanguageTimes.of(languages(kept.rows()), settings.textTemperature());
            Dataset<Row> all = kept.rows()
                    .flatMap(
                            (FlatMapFunction<Row, Row>)
                                    row -> copies(row, times).iterator(),
                            Encoders.row(TrainRows.SCHEMA));
            census.take(all, symbols, 0, times.most());
        }
    }

    /** Texts of each language that are used. */
    private static Map<String, Long> languages(Dataset<Row> rows) {
        Map<String, Long> languages = new TreeMap<>();
        rows.where(col("code").isNull())
                .groupBy("lang")
                .count()
                .toLocalIterator()
                .forEachRemaining(row -> languages.put(row.getString(0), row.getLong(1)));
        return languages;
    }

    /** A text as often as a pass holds it, each copy at a place of its own in the order, or why it is refused. */
    private static Stream<Row> copies(Row row, LanguageTimes times) {
        String id = row.getAs("utterance_id");
        Object[] first =
                IntStream.range(0, TrainRows.SCHEMA.size()).mapToObj(row::get).toArray();
        if (row.getAs("code") != null) {
            return Stream.of(RowFactory.create(first));
        }
        return IntStream.range(0, times.of(row.getAs("lang"), id)).mapToObj(copy -> {
            Object[] values = first.clone();
            values[TrainRows.SCHEMA.fieldIndex("copy")] = copy;
            values[TrainRows.SCHEMA.fieldIndex("order_hash")] = OrderHash.of(copy == 0 ? id : id + "/" + copy);
            return RowFactory.create(values);
        });
    }

    private static Iterator<Row> decided(
            Iterator<Row> rows, List<Integer> frames, Map<String, String> symbols, Durations layout) {
        SymbolTable table = SymbolTable.ofCheckpoint(symbols);
        Buckets buckets = Buckets.of(frames, 1);
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(rows, 0), false)
                .map(row -> withLanguage(
                        decided(row.getString(0), row.getString(1), buckets, table, layout), row.getString(2)))
                .iterator();
    }

    private static Row withLanguage(Row row, String lang) {
        return RowFactory.create(Stream.concat(IntStream.range(0, row.size()).mapToObj(row::get), Stream.of(lang))
                .toArray());
    }

    private static Row decided(String id, String text, Buckets buckets, SymbolTable symbols, Durations layout) {
        Encoding encoding = symbols.encoding(text);
        if (!encoding.isWhole()) {
            return TrainRows.refused(TrainReject.foreign(id, text, symbols));
        }
        int frames = ModelConfig.SUBSAMPLING * layout.frames(encoding.ids().length);
        Utterance utterance = new Utterance(id, frames, encoding.ids());
        Optional<Admission> refusal = Admission.refusal(utterance, buckets, Rnnt.KIND);
        return refusal.map(reason -> TrainRows.refused(TrainReject.of(utterance, reason, buckets, Rnnt.KIND)))
                .orElseGet(() -> RowFactory.create(
                        buckets.number(frames), OrderHash.of(id), id, 0, frames, text, false, null, null));
    }

    /** Rejects of each stream are rows of their own. */
    private Lineage lineage(String stream) {
        return new Lineage(
                lineage.job(),
                lineage.run(),
                lineage.jobKey() + "-" + stream,
                lineage.inputs(),
                lineage.configDigest(),
                lineage.codeVersion(),
                lineage.modelDigest());
    }
}
