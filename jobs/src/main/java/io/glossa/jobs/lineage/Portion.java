package io.glossa.jobs.lineage;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What went into a model in one way, from one source.
 *
 * @param path from the model to the one that had it, a link each; empty: it had it itself
 * @param way of {@link Way}, in its words
 * @param teacher digest of the model whose text it is; empty: none
 * @param rows utterances, or sentences
 * @param seconds of audio in them
 * @param learnedSeconds as often as it was learned from
 */
record Portion(
        List<String> path,
        String way,
        String teacher,
        String licence,
        String source,
        String lang,
        long rows,
        double seconds,
        double learnedSeconds) {
    private record Key(List<String> path, Way way, String teacher, String licence, String source, String lang) {}

    private static final Comparator<Portion> ORDER = Comparator.comparingInt(
                    (Portion portion) -> portion.path().size())
            .thenComparing(portion -> String.join("\n", portion.path()))
            .thenComparing(Portion::way)
            .thenComparing(Portion::teacher)
            .thenComparing(Portion::licence)
            .thenComparing(Portion::source)
            .thenComparing(Portion::lang);

    /** Of all that went into a model, all the way up. */
    static List<Portion> of(Ancestry ancestry, Model model) {
        List<Ancestry.Ancestor> ancestors = ancestry.of(model);
        Map<String, Fact> facts = facts(ancestry, ancestors);
        Map<Key, Portion> portions = new HashMap<>();
        for (Ancestry.Ancestor ancestor : ancestors) {
            for (Use use : ancestry.uses(ancestor.model())) {
                Fact fact = facts.getOrDefault(use.id(), Fact.UNKNOWN);
                Key key =
                        new Key(ancestor.path(), use.way(), use.teacher(), fact.licence(), fact.source(), fact.lang());
                portions.merge(key, of(key, use, fact), Portion::and);
            }
        }
        List<Portion> sorted = new ArrayList<>(portions.values());
        sorted.sort(ORDER);
        return sorted;
    }

    /** By id, which no utterance and sentence have in common. */
    private static Map<String, Fact> facts(Ancestry ancestry, List<Ancestry.Ancestor> ancestors) {
        Set<String> utterances = new HashSet<>();
        Set<String> sentences = new HashSet<>();
        ancestors.forEach(ancestor -> ancestry.uses(ancestor.model())
                .forEach(use -> (use.way() == Way.SENTENCE ? sentences : utterances).add(use.id())));
        Map<String, Fact> facts = new HashMap<>(Fact.ofUtterances(ancestry.lake(), utterances));
        utterances.removeAll(facts.keySet());
        sentences.addAll(utterances); // of a tokenizer
        facts.putAll(Fact.ofSentences(ancestry.lake(), sentences));
        return facts;
    }

    private static Portion of(Key key, Use use, Fact fact) {
        return new Portion(
                key.path(),
                key.way().toString(),
                key.teacher(),
                key.licence(),
                key.source(),
                key.lang(),
                1,
                fact.seconds(),
                fact.seconds() * use.count());
    }

    private Portion and(Portion other) {
        return new Portion(
                path,
                way,
                teacher,
                licence,
                source,
                lang,
                rows + other.rows,
                seconds + other.seconds,
                learnedSeconds + other.learnedSeconds);
    }
}
