package io.glossa.storage.lineage;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * One run of a job. Each event tells all of it as far as it is known: START may have no outputs yet.
 *
 * @param id the same in all events of the run
 * @param job the job's name
 * @param inputs what it reads
 * @param outputs what it writes
 * @param properties what else to tell, such as config digest, code version and metrics; the run's facet {@code glossa_run}
 */
public record LineageRun(
        UUID id,
        String job,
        List<LineageDataset> inputs,
        List<LineageDataset> outputs,
        Map<String, String> properties) {
    public LineageRun {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        properties = Map.copyOf(properties);
    }
}
