package io.glossa.featurize.frontend;

import io.glossa.config.ConfigBinder;
import io.glossa.config.ConfigDigest;
import io.glossa.featurize.mel.FrontEndConfig;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import io.glossa.storage.SnapshotReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;

/** The front ends of a lake, and the settings that their digests stand for. */
public final class FrontEnds {
    private static final String PROPERTY = "glossa.front-end.";

    private FrontEnds() {}

    /** Notes in the lake which settings the digest of a front end stands for, so that they can be told and asked for. */
    public static void note(Lake lake, FrontEndConfig config) {
        String key = PROPERTY + ConfigDigest.of(config);
        if (!lake.table(LakeTable.FEATURES).properties().containsKey(key)) {
            lake.table(LakeTable.FEATURES)
                    .updateProperties()
                    .set(key, print(ConfigBinder.values(config)))
                    .commit();
        }
    }

    /** Those with features in the lake as it is now, in the order of their digests. */
    public static List<FrontEnd> in(Lake lake) {
        OptionalLong now = lake.snapshot(LakeTable.FEATURES);
        return now.isEmpty() ? List.of() : in(lake, now.getAsLong());
    }

    /** Those with features in a snapshot, in the order of their digests. No more than two small columns are read. */
    public static List<FrontEnd> in(Lake lake, long snapshot) {
        Map<String, Integer> mels = new TreeMap<>();
        Map<String, Long> utterances = new TreeMap<>();
        SnapshotReader reader =
                SnapshotReader.of(lake, LakeTable.FEATURES, snapshot).select("config_digest", "n_mels");
        try (Stream<GenericRecord> rows = reader.rows()) {
            rows.forEach(row -> {
                String digest = row.get("config_digest").toString();
                mels.putIfAbsent(digest, (Integer) row.get("n_mels"));
                utterances.merge(digest, 1L, Long::sum);
            });
        }
        return utterances.keySet().stream()
                .map(digest -> new FrontEnd(digest, mels.get(digest), utterances.get(digest), settings(lake, digest)))
                .toList();
    }

    /** The settings that the lake can tell of a digest, by digest: the usual ones and those that were noted. */
    static Map<String, Map<String, String>> known(Lake lake) {
        Map<String, Map<String, String>> known = new TreeMap<>();
        FrontEndConfig usual = FrontEndConfig.usm();
        known.put(ConfigDigest.of(usual), ConfigBinder.values(usual));
        lake.table(LakeTable.FEATURES).properties().forEach((key, value) -> {
            if (key.startsWith(PROPERTY)) {
                known.put(key.substring(PROPERTY.length()), parse(value));
            }
        });
        return known;
    }

    /** What a digest stands for, by key; empty where nobody noted it. */
    static Map<String, String> settings(Lake lake, String digest) {
        return known(lake).getOrDefault(digest, Map.of());
    }

    /** {@code key=value} in the order of the keys, with spaces between. */
    static String print(Map<String, String> settings) {
        return new TreeMap<>(settings)
                .entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining(" "));
    }

    /** What {@link #print} printed. */
    static Map<String, String> parse(String text) {
        Map<String, String> settings = new LinkedHashMap<>();
        Stream.of(text.split(" ")).filter(pair -> pair.contains("=")).forEach(pair -> {
            String[] parts = pair.split("=", 2);
            settings.put(parts[0], parts[1]);
        });
        return settings;
    }
}
