package io.glossa.jobs.lineage;

import io.glossa.config.ConfigBinder;
import io.glossa.storage.Folder;
import io.glossa.storage.LakeTable;
import io.glossa.storage.OrderHash;
import io.glossa.storage.checkpoint.CheckpointMeta;
import io.glossa.storage.checkpoint.Checkpoints;
import io.glossa.trainer.data.BatchPlan;
import io.glossa.trainer.data.Buckets;
import io.glossa.trainer.data.Census;
import io.glossa.trainer.train.TrainConfig;
import java.io.File;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;

/** What a lake's models had of it, by going through all rows, steps and checkpoints, and by nothing that answers questions. */
final class BruteForce {
    /** As {@link Use}, of a model and all that it hangs on. */
    record Had(String model, List<String> path, Way way, String id, String teacher, long first, long count) {}

    private record Line(String id, int copy, int frames, long hash) {}

    private record Checkpoint(String name, Folder run, String digest, CheckpointMeta meta) {}

    private final LineageLake lake;
    private final List<Checkpoint> checkpoints = new ArrayList<>();

    BruteForce(LineageLake lake) {
        this.lake = lake;
        File[] runs = new File(lake.location(), "models").listFiles();
        for (File run : runs) {
            for (File step : run.listFiles(
                    file -> new File(file, "DONE").exists() || new File(file, "DONE-00001-of-00002").exists())) {
                Folder folder = Folder.of(step.toPath());
                checkpoints.add(new Checkpoint(
                        run.getName() + "/" + step.getName(),
                        Folder.of(run.toPath()),
                        Checkpoints.digest(folder),
                        Checkpoints.meta(folder)));
            }
        }
    }

    List<String> models() {
        return checkpoints.stream().map(Checkpoint::name).toList();
    }

    List<Had> all() {
        List<Had> all = new ArrayList<>();
        checkpoints.forEach(checkpoint -> add(checkpoint.name(), List.of(), checkpoint, all));
        return all;
    }

    private void add(String asked, List<String> path, Checkpoint model, List<Had> all) {
        List<Had> own = own(asked, path, model);
        all.addAll(own);
        Map<String, String> lineage = model.meta().lineage();
        if (lineage.containsKey("glossa.parents")) {
            for (String parent : lineage.get("glossa.parents").split(",")) {
                follow(asked, path, "average of ", parent, all);
            }
            return;
        }
        if (lineage.containsKey("glossa.model-digest")) {
            follow(asked, path, "started from ", lineage.get("glossa.model-digest"), all);
        }
        own.stream()
                .map(Had::teacher)
                .filter(teacher -> !teacher.isEmpty())
                .distinct()
                .forEach(teacher -> follow(asked, path, "texts by ", teacher, all));
    }

    private void follow(String asked, List<String> path, String words, String digest, List<Had> all) {
        checkpoints.stream()
                .filter(each -> each.digest().equals(digest))
                .forEach(next -> add(
                        asked,
                        Stream.concat(path.stream(), Stream.of(words + next.name()))
                                .toList(),
                        next,
                        all));
    }

    private List<Had> own(String asked, List<String> path, Checkpoint model) {
        List<Had> own = new ArrayList<>();
        Map<String, String> lineage = model.meta().lineage();
        if (lineage.containsKey("glossa.parents")) {
            return own;
        }
        boolean fresh = !lineage.containsKey("glossa.model-digest");
        if (model.meta().kind().equals("most")) {
            Folder streams = model.run().resolve("streams");
            learn(own, asked, path, model, Way.READ, "paired", labels(streams.resolve("paired")), "1.6", fresh);
            learn(own, asked, path, model, Way.HEARD, "untranscribed", features("unlabelled"), "1.6", false);
            learn(own, asked, path, model, Way.SENTENCE, "text", labels(streams.resolve("text")), "0.8", false);
        } else if (model.meta().kind().equals("bestrq")) {
            learn(own, asked, path, model, Way.HEARD, "", features("train", "unlabelled"), "1.6", fresh);
        } else {
            learn(own, asked, path, model, Way.READ, "", labels(model.run()), "1.6", fresh);
        }
        if (lineage.containsKey("glossa.input.transcripts")) {
            lake.spark
                    .table("lake.glossa.transcripts")
                    .where("kind = 'human' and split = 'train'")
                    .collectAsList()
                    .forEach(row -> own.add(new Had(asked, path, Way.TOKENIZER, row.getAs("utterance_id"), "", 0, 0)));
        }
        if (lineage.getOrDefault("glossa.tokenizer", "").startsWith("sentencepiece:")) {
            lake.spark
                    .table("lake.glossa.sentences")
                    .collectAsList()
                    .forEach(row -> own.add(new Had(asked, path, Way.TOKENIZER, row.getAs("id"), "", 0, 0)));
        }
        return own;
    }

    private List<Line> features(String... splits) {
        return lake.spark.table("lake.glossa.features").collectAsList().stream()
                .filter(row ->
                        List.of(splits).contains(row.<String>getAs("split")) && row.<Integer>getAs("n_frames") <= 80)
                .map(row -> line(row, 0, OrderHash.of(row.getAs("utterance_id"))))
                .toList();
    }

    private List<Line> labels(Folder run) {
        return lake.spark.read().parquet(run.resolve("labels").uri()).collectAsList().stream()
                .map(row -> line(row, row.getAs("copy"), row.getAs("order_hash")))
                .toList();
    }

    private static Line line(Row row, int copy, long hash) {
        return new Line(row.getAs("utterance_id"), copy, row.getAs("n_frames"), hash);
    }

    /** Step by step, part by part. */
    private void learn(
            List<Had> own,
            String asked,
            List<String> path,
            Checkpoint model,
            Way way,
            String stream,
            List<Line> lines,
            String seconds,
            boolean statistics) {
        List<Line> sorted = new ArrayList<>(lines);
        sorted.sort(Comparator.comparingLong(Line::hash).thenComparing(Line::id).thenComparingInt(Line::copy));
        TrainConfig config =
                ConfigBinder.bindAmong(TrainConfig.class, model.meta().config(), TrainConfig.DEFAULTS);
        int blocks = Census.blocks(sorted.size());
        int[][] counts = new int[1][blocks];
        sorted.forEach(line -> counts[0][OrderHash.block(line.hash(), blocks)]++);
        Census census = new Census(counts, new long[1], Map.of());
        Buckets buckets = Buckets.of(List.of(80), Double.parseDouble(seconds));
        Map<String, long[]> found = new TreeMap<>();
        long done = 0;
        for (long step = 0; step < model.meta().step(); step++) {
            if (!has(stream, step)) {
                continue;
            }
            BatchPlan plan = BatchPlan.of(census, buckets, config.seed(), 0, 2);
            int epoch = (int) (done / plan.steps());
            plan = BatchPlan.of(census, buckets, config.seed(), epoch, 2);
            for (int part = 0; part < 2; part++) {
                BatchPlan.Batch batch = plan.batch((int) (done % plan.steps()), part);
                if (batch.places().length > 0) {
                    List<Line> window = window(plan, batch, sorted, blocks);
                    for (int place : batch.places()) {
                        long[] firstAndCount =
                                found.computeIfAbsent(window.get(place).id(), id -> new long[2]);
                        firstAndCount[0] = firstAndCount[1] == 0 ? step + 1 : firstAndCount[0];
                        firstAndCount[1]++;
                    }
                }
            }
            done++;
        }
        found.forEach((id, each) -> {
            String teacher = way == Way.READ ? teacher(model, id) : "";
            own.add(new Had(asked, path, teacher.isEmpty() ? way : Way.LABELLED, id, teacher, each[0], each[1]));
        });
        if (statistics) {
            sorted.stream()
                    .map(Line::id)
                    .distinct()
                    .forEach(id -> own.add(new Had(asked, path, Way.STATISTICS, id, "", 0, 0)));
        }
    }

    private static boolean has(String stream, long step) {
        return stream.isEmpty() || stream.equals("paired") || step >= 3;
    }

    private static List<Line> window(BatchPlan plan, BatchPlan.Batch batch, List<Line> sorted, int blocks) {
        List<Line> window = new ArrayList<>();
        for (BatchPlan.Range range : plan.ranges(batch.window())) {
            List<Line> cell = sorted.stream()
                    .filter(line -> OrderHash.block(line.hash(), blocks) == range.block())
                    .toList();
            window.addAll(cell.subList(range.from(), range.to()));
        }
        return window;
    }

    private String teacher(Checkpoint model, String id) {
        String generation = model.meta().lineage().get("glossa.pseudo-generation");
        return lake.spark.table("lake.glossa.transcripts").collectAsList().stream()
                .filter(row -> row.getAs("utterance_id").equals(id)
                        && row.getAs("kind").equals("pseudo"))
                .filter(row -> row.getAs("generation").toString().equals(generation))
                .map(row -> row.<String>getAs("teacher"))
                .findFirst()
                .orElse("");
    }

    /** What the lake says of an utterance or a sentence: licence, source, language, seconds. */
    Map<String, List<Object>> facts() {
        Map<String, List<Object>> facts = new TreeMap<>();
        for (LakeTable table : List.of(LakeTable.UTTERANCES, LakeTable.SENTENCES)) {
            boolean spoken = table == LakeTable.UTTERANCES;
            lake.spark
                    .table("lake.glossa." + table.tableName())
                    .collectAsList()
                    .forEach(row -> facts.put(
                            row.getAs("id"),
                            List.of(
                                    row.getAs("licence"),
                                    row.getAs("source"),
                                    row.getAs("lang"),
                                    spoken ? row.<Double>getAs("duration_s") : 0.0)));
        }
        return facts;
    }
}
