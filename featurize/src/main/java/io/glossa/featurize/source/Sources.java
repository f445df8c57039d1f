package io.glossa.featurize.source;

import io.glossa.config.Nearest;
import io.glossa.error.GlossaException;
import io.glossa.text.TextEncoding;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;

/** The layouts that there are, by name. */
public final class Sources {
    private static final Pattern SPEC = Pattern.compile("([a-z][a-z0-9-]+):(.*)");
    private static final Map<String, BiFunction<String, TextEncoding, Source>> LAYOUTS = new TreeMap<>(Map.of(
            "folder", AudioFolder::new,
            "tar", TarShards::new,
            "parquet", ParquetRows::new,
            "nemo", NemoManifest::new,
            "lhotse", LhotseManifests::new,
            "kaldi", KaldiData::new,
            "librispeech", LibriSpeech::new,
            "common-voice", CommonVoice::new));

    private Sources() {}

    /**
     * The source that {@code LAYOUT:PLACE} says; of a place alone, a plain folder.
     *
     * @param encoding of texts that have no byte order mark
     * @throws GlossaException of type USER if there is no such place, or a name before the colon is neither that of a layout nor
     *     of a file system
     */
    public static Source open(String spec, TextEncoding encoding, Configuration configuration) {
        Matcher named = SPEC.matcher(spec);
        boolean hasLayout = named.matches() && LAYOUTS.containsKey(named.group(1));
        Source source =
                LAYOUTS.get(hasLayout ? named.group(1) : "folder").apply(hasLayout ? named.group(2) : spec, encoding);
        String where = source.root().uri();
        try {
            if (!new SourceBytes(configuration).exists(where)) {
                throw GlossaException.user("Cannot list the recordings in " + SourceBytes.plain(where)
                        + ": nothing is there, expected a folder with audio files, or LAYOUT:PLACE with a layout of "
                        + String.join(", ", LAYOUTS.keySet()));
            }
        } catch (IOException e) {
            String name = named.matches() ? named.group(1) : "";
            throw GlossaException.user("Cannot list the recordings in " + spec + ": " + e + ", expected a place on a"
                            + " file system that Hadoop knows, or LAYOUT:PLACE with a layout of "
                            + String.join(", ", LAYOUTS.keySet()) + Nearest.hint(name, LAYOUTS.keySet()))
                    .causedBy(e);
        }
        return source;
    }
}
