package io.glossa.nst;

import io.glossa.config.ConfigDigest;
import io.glossa.error.GlossaException;
import java.util.List;

/**
 * What to label, and which labels to accept.
 *
 * @param splits whose utterances are labelled
 * @param generation of the labels: 1 for those of a teacher that learned from people alone
 * @param features the snapshot of the features
 * @param filters what a hypothesis must satisfy
 * @param without digest of what says which utterances are left out; empty: none is
 */
public record LabelConfig(List<String> splits, int generation, long features, FilterConfig filters, String without) {
    /** Of all utterances. */
    public LabelConfig(List<String> splits, int generation, long features, FilterConfig filters) {
        this(splits, generation, features, filters, "");
    }

    public LabelConfig {
        splits = splits.stream().distinct().sorted().toList();
        if (splits.isEmpty()) {
            throw GlossaException.user("Cannot label: found no splits, expected at least one");
        }
        if (generation < 1) {
            throw GlossaException.user("Cannot label generation " + generation
                    + ", expected 1 or more (generation 0 are people's transcripts)");
        }
    }

    /** Names the work: equal for two runs that would write the same rows. */
    String jobKey(Teacher teacher) {
        String asked = teacher.frontEnd().asked();
        return batch(teacher) + " filters=" + filtersDigest() + " features=" + features + " splits="
                + String.join(",", splits) + (asked.isEmpty() ? "" : " front-end=" + asked)
                + (without.isEmpty() ? "" : " without=" + without);
    }

    /** Names the generation: all its labels are by one teacher and were filtered alike. */
    String batch(Teacher teacher) {
        return "label generation=" + generation + " teacher=" + teacher.digest();
    }

    String filtersDigest() {
        return ConfigDigest.of(filters);
    }
}
