package io.glossa.jobs.lineage;

import io.glossa.jobs.train.ForgottenNote;
import io.glossa.storage.Folder;
import io.glossa.storage.LakeTable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A training with its checkpoints.
 *
 * @param folder of it
 * @param models of its checkpoints, the last first
 */
record Run(Folder folder, List<Model> models) {
    private static final String INPUT = "glossa.input.";

    /** Those of some models; averages are no trainings. */
    static List<Run> of(List<Model> models) {
        Map<Folder, List<Model>> byFolder = new LinkedHashMap<>();
        models.stream()
                .filter(model -> !Uses.isAverage(model))
                .forEach(model -> byFolder.computeIfAbsent(model.run(), folder -> new ArrayList<>())
                        .add(model));
        List<Run> runs = new ArrayList<>();
        byFolder.forEach((folder, own) -> {
            own.sort(
                    (one, other) -> Long.compare(other.meta().step(), one.meta().step()));
            runs.add(new Run(folder, own));
        });
        return runs;
    }

    Model last() {
        return models.get(0);
    }

    /** The snapshots that it reads, by table, those being left out that it reads no more. */
    Map<LakeTable, Long> inputs() {
        Optional<ForgottenNote> note = ForgottenNote.in(folder);
        Map<LakeTable, Long> inputs = new EnumMap<>(LakeTable.class);
        Map<String, String> lineage = last().meta().lineage();
        for (LakeTable table : LakeTable.values()) {
            String told = lineage.get(INPUT + table.tableName());
            if (told != null) {
                long snapshot = Long.parseLong(told);
                inputs.put(
                        table,
                        note.map(some -> some.snapshots().getOrDefault(snapshot, snapshot))
                                .orElse(snapshot));
            }
        }
        return inputs;
    }

    /** Whether a snapshot that it reads holds any of it. */
    boolean holds(Holdings holdings) {
        return inputs().entrySet().stream()
                .anyMatch(input ->
                        Holdings.TABLES.contains(input.getKey()) && holdings.has(input.getKey(), input.getValue()));
    }
}
