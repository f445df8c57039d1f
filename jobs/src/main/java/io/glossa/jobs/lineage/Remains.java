package io.glossa.jobs.lineage;

import io.glossa.storage.LakeTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What is still there of what was forgotten, in sentences. */
final class Remains {
    private Remains() {}

    static List<String> of(Price price, Map<LakeTable, Integer> expired) {
        List<String> remains = new ArrayList<>();
        price.holdings().snapshots().forEach((table, snapshots) -> {
            int left = snapshots.size() - expired.getOrDefault(table, 0);
            if (left > 0) {
                remains.add(String.format(
                        Locale.ROOT,
                        "%,d earlier snapshots of %s hold it (--expire takes them away)",
                        left,
                        table.tableName()));
            }
        });
        Set<String> learned = models(price, Way.HEARD, Way.READ, Way.LABELLED);
        if (!learned.isEmpty()) {
            remains.add("models that learned from it, or from one that did: " + String.join(", ", learned));
        }
        Set<String> statistics = models(price, Way.STATISTICS);
        if (!statistics.isEmpty()) {
            remains.add("front ends whose mean and deviation are of it: those of " + String.join(", ", statistics));
        }
        Set<String> tokenizers = models(price, Way.TOKENIZER);
        if (!tokenizers.isEmpty()) {
            remains.add("tokenizers that were made of its texts: those of " + String.join(", ", tokenizers));
        }
        price.labels()
                .forEach((teacher, count) -> remains.add(String.format(
                        Locale.ROOT, "%,d texts that model %s gave to other utterances", count, teacher)));
        remains.add("rows of consent that name it, which are evidence");
        remains.add("the files that it was read from, and copies outside of the lake");
        return remains;
    }

    private static Set<String> models(Price price, Way... ways) {
        Set<String> words = Set.of(ways).stream().map(Way::toString).collect(Collectors.toSet());
        return price.seen().stream()
                .filter(seen -> words.contains(seen.way()))
                .map(Sightings.Seen::model)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
