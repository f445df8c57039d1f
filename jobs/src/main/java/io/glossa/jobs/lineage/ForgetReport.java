package io.glossa.jobs.lineage;

import io.glossa.error.GlossaException;
import io.glossa.jobs.cli.Json;
import io.glossa.jobs.report.PlainPage;
import io.glossa.storage.Folder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What was done for one who asked to be forgotten. It names by digests alone.
 *
 * @param request digest of all that was asked for
 * @param day YYYY-MM-DD, UTC
 * @param version of the code
 * @param recordings digests of their bytes
 * @param utterances digests of those and of their places
 * @param tables what went, by table
 * @param ended trainings that cannot go on
 * @param models that have something of it, and how
 * @param labels texts that such a model gave to other utterances, by its digest
 * @param replayed what was trained again
 * @param remains what is still there, in sentences
 * @param unknown what cannot be told, in sentences
 */
record ForgetReport(
        String request,
        String day,
        String version,
        Set<String> recordings,
        Set<String> utterances,
        List<Gone> tables,
        List<String> ended,
        List<Sightings.Seen> models,
        Map<String, Long> labels,
        List<Replayed> replayed,
        List<String> remains,
        List<String> unknown) {
    private static final String JSON = "report.json";
    private static final String HTML = "report.html";

    /**
     * What went out of a table.
     *
     * @param snapshots that held some
     * @param expired of these
     */
    record Gone(String table, long rows, int snapshots, int expired) {
        private Gone after(Gone earlier) {
            return new Gone(
                    table, earlier.rows + rows, Math.max(earlier.snapshots, snapshots), earlier.expired + expired);
        }
    }

    /**
     * A training that was done again with nothing in its places.
     *
     * @param from the step of the checkpoint that it began with, which had not seen it; 0: the beginning
     * @param digest of the model that came of it
     */
    record Replayed(String run, String again, long from, long steps, String digest) {}

    /** The same with what was done before, where there is a report of the same request in a folder. */
    ForgetReport after(Folder folder) {
        try {
            if (folder.version(JSON).isEmpty()) {
                return this;
            }
            ForgetReport earlier = Json.read(new String(folder.read(JSON), StandardCharsets.UTF_8), ForgetReport.class);
            return earlier.request.equals(request) ? after(earlier) : this;
        } catch (IOException e) {
            throw GlossaException.data("Cannot go on with the report in " + folder + ": " + e
                            + ", expected one of an earlier request, or none (--report names another folder)")
                    .causedBy(e);
        }
    }

    private ForgetReport after(ForgetReport earlier) {
        List<Gone> both = new ArrayList<>();
        for (int i = 0; i < tables.size(); i++) {
            both.add(tables.get(i).after(earlier.tables.get(i)));
        }
        return new ForgetReport(
                request,
                day,
                version,
                recordings,
                utterances,
                both,
                Stream.concat(earlier.ended.stream(), ended.stream()).distinct().toList(),
                models,
                labels,
                replayed,
                remains,
                unknown);
    }

    /** The same with what was trained again. */
    ForgetReport with(List<Replayed> again) {
        return new ForgetReport(
                request, day, version, recordings, utterances, tables, ended, models, labels, again, remains, unknown);
    }

    void write(Folder folder) {
        try {
            folder.write(JSON, (Json.line(this) + "\n").getBytes(StandardCharsets.UTF_8));
            folder.write(HTML, html().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw GlossaException.resource("Cannot write the report of what was forgotten to " + folder + ": " + e
                            + ", expected a writable folder (--report)")
                    .causedBy(e);
        }
    }

    String html() {
        List<List<String>> gone = new ArrayList<>(List.of(List.of("table", "rows", "snapshots", "expired")));
        tables.forEach(table -> gone.add(
                List.of(table.table(), number(table.rows()), number(table.snapshots()), number(table.expired()))));
        List<List<String>> again =
                new ArrayList<>(List.of(List.of("training", "again", "from step", "steps", "model")));
        replayed.forEach(each ->
                again.add(List.of(each.run(), each.again(), number(each.from()), number(each.steps()), each.digest())));
        List<String> taught = new ArrayList<>();
        labels.forEach((teacher, count) -> taught.add(number(count) + " texts by model " + teacher));
        return new PlainPage("What was forgotten")
                .text("Request " + request + ", done on " + day + " by Glossa " + version + ".")
                .heading("What it was")
                .text("Recordings, by the SHA-256 of their bytes, and utterances, by a hash of that and of their"
                        + " place:")
                .list(List.copyOf(recordings), "No whole recording.")
                .list(List.copyOf(utterances), "No utterance.")
                .heading("What went")
                .table(gone, "Nothing.")
                .heading("Trainings that cannot go on")
                .list(ended, "None.")
                .heading("Models that have something of it")
                .table(Sightings.rows(models), "None.")
                .list(taught, "No texts by such a model.")
                .heading("Trained again without it")
                .table(again, "Nothing was.")
                .heading("What remains")
                .list(remains, "Nothing that is known.")
                .heading("What cannot be told")
                .list(unknown, "Nothing.")
                .html();
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        tables.forEach(table -> lines.add(table.table() + ": " + number(table.rows()) + " rows taken out, "
                + number(table.expired()) + " of " + number(table.snapshots()) + " snapshots expired"));
        replayed.forEach(each -> lines.add(each.run() + " trained again from step " + number(each.from()) + ": "
                + each.again() + ", model " + each.digest()));
        remains.forEach(sentence -> lines.add("remains: " + sentence));
        return lines;
    }
}
