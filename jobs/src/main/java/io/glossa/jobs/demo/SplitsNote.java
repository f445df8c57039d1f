package io.glossa.jobs.demo;

import io.glossa.jobs.report.Report.DataShare;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What became of the recordings, and whether they are enough, in sentences of the report. */
final class SplitsNote {
    /** Less labelled speech than this teaches a recogniser from scratch next to nothing, min. */
    private static final double LEAST_MINUTES = 10;

    private SplitsNote() {}

    static String of(List<DataShare> data) {
        return String.format(
                Locale.ROOT,
                "Of the recordings with a text, those for training (%s) were learned from with it; 20 %% by their names, the test"
                        + " split (%s), were only measured on; 20 %% lost their text and were learned from as speech alone,"
                        + " as were those without one (%s).",
                amount(data, "train"),
                amount(data, "test"),
                amount(data, "unlabelled"));
    }

    /** Empty where there is enough labelled speech to learn something. */
    static Optional<String> tooLittle(List<DataShare> data) {
        double minutes = minutes(data, "train");
        return minutes >= LEAST_MINUTES
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "There are only %.1f minutes of labelled speech to learn from: too little for a recogniser from scratch"
                                + " (from %.0f minutes on it gets some words of one language), so expect most characters"
                                + " to be wrong.",
                        minutes,
                        LEAST_MINUTES));
    }

    private static String amount(List<DataShare> data, String split) {
        long utterances = data.stream()
                .filter(share -> share.split().equals(split))
                .mapToLong(DataShare::utterances)
                .sum();
        return String.format(Locale.ROOT, "%,d utterances, %.1f min", utterances, minutes(data, split));
    }

    private static double minutes(List<DataShare> data, String split) {
        return data.stream()
                .filter(share -> share.split().equals(split))
                .mapToDouble(DataShare::minutes)
                .sum();
    }
}
