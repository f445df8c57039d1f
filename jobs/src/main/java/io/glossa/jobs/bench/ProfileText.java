package io.glossa.jobs.bench;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.glossa.error.GlossaException;
import io.glossa.trainer.runtime.KernelTime;
import io.glossa.trainer.train.StepProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** A step's profile as a table, and as a trace that chrome://tracing and Perfetto draw. */
public record ProfileText(StepProfile profile) {
    static final int ROWS = 40;
    private static final int NAME = 60;

    /** So many of the longest kernels, and one line for all others. */
    public String table(int most) {
        List<StepProfile.Row> rows = profile.rows();
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "roofline: %.0f GFLOP/s in a product of 1024 x 1024, %.1f GB/s in memory%n%n",
                profile.roofline().flopPerSecond() * 1e-9,
                profile.roofline().bytesPerSecond() * 1e-9));
        text.append(String.format(
                Locale.ROOT,
                "%-" + NAME + "s %5s %9s %6s %9s %8s %9s%n",
                "kernel",
                "calls",
                "ms",
                "share",
                "MB",
                "GFLOP",
                "roofline"));
        for (StepProfile.Row row : rows.subList(0, Math.min(most, rows.size()))) {
            text.append(line(row.kernel(), row.calls(), row.seconds(), row.bytes(), row.flop(), row.roofline()));
        }
        if (rows.size() > most) {
            List<StepProfile.Row> rest = rows.subList(most, rows.size());
            double seconds = rest.stream().mapToDouble(StepProfile.Row::seconds).sum();
            text.append(line(
                    rest.size() + " others",
                    rest.stream().mapToInt(StepProfile.Row::calls).sum(),
                    seconds,
                    rest.stream().mapToLong(StepProfile.Row::bytes).sum(),
                    rest.stream().mapToDouble(StepProfile.Row::flop).sum(),
                    rest.stream().mapToDouble(r -> r.roofline() * r.seconds()).sum() / seconds));
        }
        text.append(String.format(
                Locale.ROOT,
                "%nall kernels: %.2f ms; products by the formula %.2f GFLOP, %.1f GFLOP/s, %.0f%% of the roofline's product%n",
                profile.seconds() * 1e3,
                profile.flop() * 1e-9,
                profile.flop() / profile.seconds() * 1e-9,
                100 * profile.productShare()));
        return text.toString();
    }

    private String line(String kernel, int calls, double seconds, long bytes, double flop, double roofline) {
        return String.format(
                Locale.ROOT,
                "%-" + NAME + "s %5d %9.2f %5.1f%% %9.1f %8.2f %8.0f%%%n",
                kernel.length() > NAME ? kernel.substring(0, NAME - 1) + "…" : kernel,
                calls,
                seconds * 1e3,
                100 * seconds / profile.seconds(),
                bytes * 1e-6,
                flop * 1e-9,
                100 * roofline);
    }

    /** One mean step, its kernels one after the other. */
    void writeTrace(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            try (JsonGenerator json = new ObjectMapper().createGenerator(Files.newBufferedWriter(file))) {
                json.writeStartArray();
                double at = 0;
                for (KernelTime kernel : profile.kernels()) {
                    json.writeStartObject();
                    json.writeStringField("name", kernel.kernel());
                    json.writeStringField("ph", "X");
                    json.writeNumberField("pid", 0);
                    json.writeNumberField("tid", 0);
                    json.writeNumberField("ts", at * 1e6);
                    json.writeNumberField("dur", kernel.seconds() * 1e6);
                    json.writeObjectFieldStart("args");
                    json.writeNumberField("bytes", kernel.bytes());
                    json.writeNumberField("flop", kernel.flop());
                    json.writeEndObject();
                    json.writeEndObject();
                    at += kernel.seconds();
                }
                json.writeEndArray();
            }
        } catch (IOException e) {
            throw GlossaException.resource(
                            "Cannot write the trace " + file + ": " + e.getMessage() + ", expected a writable folder")
                    .causedBy(e);
        }
    }
}
