package io.glossa.jobs.ingest;

import io.glossa.jobs.cli.Summary;
import java.util.Map;

/**
 * What an ingest did.
 *
 * @param passedOver how many things were no recording, by reason
 */
public record IngestResult(Map<String, Long> passedOver, Summary summary) {}
