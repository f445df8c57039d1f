package io.glossa.featurize.text;

import io.glossa.featurize.lake.WriteCounts;
import java.util.Map;

/**
 * What became of lines: {@code lines = added + repeated + known + rejects}.
 *
 * @param lines that were there, and a line each for files that could not be read, or not to their end
 * @param added sentences written by this run
 * @param repeated lines whose sentence is in an earlier line
 * @param known sentences that the lake had already
 * @param rejected lines by code
 * @param languages sentences in the lake, by language
 * @param writes what writing met
 */
public record TextSummary(
        long lines,
        long added,
        long repeated,
        long known,
        Map<String, Long> rejected,
        Map<String, Long> languages,
        WriteCounts writes) {
    public TextSummary {
        rejected = Map.copyOf(rejected);
        languages = Map.copyOf(languages);
    }

    /** Of all codes. */
    public long rejects() {
        return rejected.values().stream().mapToLong(Long::longValue).sum();
    }
}
