package io.glossa.featurize.source;

import io.glossa.featurize.Refusal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/** All that a source has, listed by this thread alone; recordings in the order of their keys. */
record Listing(List<SourceFile> recordings, Map<String, Long> passedOver) {
    private static final SourceBytes FILES = new SourceBytes(new Configuration());

    static Listing of(Source source) {
        List<SourceFile> recordings = new ArrayList<>();
        Map<String, Long> passedOver = new TreeMap<>();
        Deque<Place> places = new ArrayDeque<>(List.of(source.root()));
        while (!places.isEmpty()) {
            new Walk(source, places.remove(), FILES).forEachRemaining(listed -> {
                if (listed.recording() != null) {
                    recordings.add(listed.recording());
                } else if (listed.place() != null) {
                    places.add(listed.place());
                } else {
                    passedOver.merge(listed.passedOver(), 1L, Long::sum);
                }
            });
        }
        recordings.sort(Comparator.comparing(SourceFile::key));
        return new Listing(recordings, passedOver);
    }

    List<String> keys() {
        return recordings.stream().map(SourceFile::key).toList();
    }

    SourceFile of(String key) {
        return recordings.stream()
                .filter(file -> file.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + key + " in " + keys()));
    }

    /** What a task would make of a recording's text; a fault is thrown. */
    static Transcript transcript(SourceFile file) throws Refusal {
        if (file.fault() != null) {
            throw new Refusal(file.fault().code(), file.fault().detail());
        }
        return Transcript.of(file, FILES);
    }

    static byte[] bytes(SourceFile file) throws Refusal {
        return FILES.read(file);
    }
}
