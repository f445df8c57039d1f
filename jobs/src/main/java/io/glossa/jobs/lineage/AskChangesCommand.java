package io.glossa.jobs.lineage;

import io.glossa.error.GlossaException;
import io.glossa.jobs.cli.Json;
import io.glossa.jobs.spark.LakeOptions;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.iceberg.Snapshot;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lineage ask changes}. */
@Command(
        name = "changes",
        description =
                "What changed in a table between two snapshots: which jobs wrote, and which rows came, went or are others.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Example:",
            "  ./glossa lineage ask changes transcripts --lake work/lake --from 4102938475610293847"
        })
final class AskChangesCommand implements Callable<Integer> {
    @Parameters(paramLabel = "TABLE", description = "one of ${COMPLETION-CANDIDATES}")
    private LakeTable table;

    @Mixin
    private LakeOptions lakeOptions;

    @Option(names = "--from", paramLabel = "ID", description = "the earlier snapshot (default: the one before --to)")
    private Long from;

    @Option(names = "--to", paramLabel = "ID", description = "the later snapshot (default: the current one)")
    private Long to;

    @Option(names = "--json", description = "print one line of JSON, with all keys")
    private boolean json;

    @Override
    public Integer call() {
        try (Lake lake = lakeOptions.open()) {
            long later = to == null ? current(lake) : to;
            TableChanges changes = TableChanges.of(lake, table, from == null ? before(lake, later) : from, later);
            if (json) {
                System.out.println(Json.line(changes));
            } else {
                changes.lines().forEach(System.out::println);
            }
        }
        return 0;
    }

    private long current(Lake lake) {
        return lake.snapshot(table).orElseThrow(() -> few("no snapshot"));
    }

    private long before(Lake lake, long later) {
        List<Snapshot> all = History.snapshots(lake, table);
        Snapshot last = lake.table(table).snapshot(later);
        return all.stream()
                .filter(snapshot -> last != null && snapshot.sequenceNumber() < last.sequenceNumber())
                .findFirst()
                .orElseThrow(() -> few("no snapshot before " + later))
                .snapshotId();
    }

    private GlossaException few(String found) {
        return GlossaException.user(
                "Cannot tell what changed in " + table.tableName() + ": found " + found + ", expected two to compare");
    }
}
