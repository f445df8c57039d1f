package io.glossa.storage.lineage;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.glossa.error.GlossaException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.TreeMap;

/**
 * Appends OpenLineage run events, one line of JSON each, to a file, as the file transport of Spark's listener does. Each
 * event is one append, so several of these may share a file; the listener may not: it writes a long event in several
 * pieces. Put its file beside this one.
 *
 * @see <a href="https://openlineage.io/spec/2-0-2/OpenLineage.json">the specification</a>
 */
public final class OpenLineageFile {
    private static final String PRODUCER = "urn:glossa";
    private static final String SPEC = "https://openlineage.io/spec/";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final String namespace;

    /**
     * @param file is created, with its folder, by the first event
     * @param namespace as the listener's {@code spark.openlineage.namespace}: that of the jobs' names
     */
    public OpenLineageFile(Path file, String namespace) {
        this.file = file;
        this.namespace = namespace;
    }

    /** The run begins. */
    public void start(LineageRun run) {
        append(event("START", run));
    }

    /** The run ended well. */
    public void complete(LineageRun run) {
        append(event("COMPLETE", run));
    }

    /** The run ended badly; what it wrote until then may be among the outputs. */
    public void fail(LineageRun run, Throwable cause) {
        ObjectNode event = event("FAIL", run);
        StringWriter trace = new StringWriter();
        cause.printStackTrace(new PrintWriter(trace));
        facet(
                        event.withObject("/run/facets"),
                        "errorMessage",
                        "facets/1-0-1/ErrorMessageRunFacet.json#/$defs/ErrorMessageRunFacet")
                .put("message", String.valueOf(cause.getMessage()))
                .put("programmingLanguage", "JAVA")
                .put("stackTrace", trace.toString());
        append(event);
    }

    private ObjectNode event(String type, LineageRun run) {
        ObjectNode event = JSON.createObjectNode()
                .put("eventTime", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString())
                .put("producer", PRODUCER)
                .put("schemaURL", SPEC + "2-0-2/OpenLineage.json#/$defs/RunEvent")
                .put("eventType", type);
        ObjectNode runFacets =
                event.putObject("run").put("runId", run.id().toString()).putObject("facets");
        if (!run.properties().isEmpty()) {
            ObjectNode properties = facet(runFacets, "glossa_run", "2-0-2/OpenLineage.json#/$defs/RunFacet");
            new TreeMap<>(run.properties()).forEach(properties::put);
        }
        ObjectNode jobFacets = event.putObject("job")
                .put("namespace", namespace)
                .put("name", run.job())
                .putObject("facets");
        facet(jobFacets, "jobType", "facets/2-0-4/JobTypeJobFacet.json#/$defs/JobTypeJobFacet")
                .put("processingType", "BATCH")
                .put("integration", "GLOSSA")
                .put("jobType", "TRAINING");
        datasets(event.putArray("inputs"), run.inputs());
        datasets(event.putArray("outputs"), run.outputs());
        return event;
    }

    private static void datasets(ArrayNode array, List<LineageDataset> datasets) {
        for (LineageDataset dataset : datasets) {
            ObjectNode facets = array.addObject()
                    .put("namespace", dataset.name().namespace())
                    .put("name", dataset.name().name())
                    .putObject("facets");
            facet(facets, "version", "facets/1-0-1/DatasetVersionDatasetFacet.json#/$defs/DatasetVersionDatasetFacet")
                    .put("datasetVersion", dataset.version());
        }
    }

    private static ObjectNode facet(ObjectNode facets, String name, String schema) {
        return facets.putObject(name).put("_producer", PRODUCER).put("_schemaURL", SPEC + schema);
    }

    private void append(ObjectNode event) {
        ByteBuffer line = StandardCharsets.UTF_8.encode(event + "\n");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                while (line.hasRemaining()) {
                    channel.write(line); // the whole line at once, but when the disk is full
                }
            }
        } catch (IOException e) {
            throw GlossaException.resource("Cannot append to the lineage file " + file + ": " + e)
                    .causedBy(e);
        }
    }
}
