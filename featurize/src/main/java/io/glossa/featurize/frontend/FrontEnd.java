package io.glossa.featurize.frontend;

import io.glossa.config.ConfigBinder;
import io.glossa.config.ConfigDigest;
import io.glossa.error.GlossaException;
import io.glossa.featurize.mel.FrontEndConfig;
import java.io.Serializable;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A front end, with its features in a snapshot.
 *
 * @param digest of its {@link FrontEndConfig}: {@code features.config_digest}
 * @param mels bins of its frames
 * @param utterances with features of it; 0 where they are computed on the fly
 * @param settings by key; empty where nobody noted them
 */
public record FrontEnd(String digest, int mels, long utterances, Map<String, String> settings) implements Serializable {
    /** In the lineage of a checkpoint: the digest. */
    static final String DIGEST = "glossa.front-end";

    /** In the lineage of a checkpoint: the settings, {@code key=value} with spaces between. */
    static final String SETTINGS = "glossa.front-end-settings";

    /** One without features, of a digest that stands for these settings. */
    static FrontEnd of(String digest, Map<String, String> settings) {
        int mels = ConfigBinder.bind(FrontEndConfig.class, settings, FrontEndConfig.usm())
                .mels();
        return new FrontEnd(digest, mels, 0, settings);
    }

    public FrontEnd {
        settings = Map.copyOf(settings);
    }

    /** The same with these settings, where its own are not known. */
    FrontEnd orKnownAs(Map<String, String> others) {
        return settings.isEmpty() ? new FrontEnd(digest, mels, utterances, others) : this;
    }

    /**
     * The settings as the front end takes them.
     *
     * @throws GlossaException of type USER if they are not known, or not those of the digest
     */
    public FrontEndConfig config() {
        FrontEndConfig config = ConfigBinder.bind(FrontEndConfig.class, settings, FrontEndConfig.usm());
        if (settings.isEmpty() || !ConfigDigest.of(config).equals(digest)) {
            throw GlossaException.user("Cannot compute features of front end " + digest + ": found " + inWords(settings)
                    + ", expected those that its digest stands for (train on stored features)");
        }
        return config;
    }

    /** What a checkpoint tells of it. */
    public Map<String, String> lineage() {
        return settings.isEmpty()
                ? Map.of(DIGEST, digest)
                : Map.of(DIGEST, digest, SETTINGS, FrontEnds.print(settings));
    }

    /** In words, for one who has to choose. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "%s (%,d utterances, %d mels, %s)", digest, utterances, mels, inWords(settings));
    }

    private static String inWords(Map<String, String> settings) {
        if (settings.isEmpty()) {
            return "settings not known";
        }
        Map<String, String> unusual = unusual(settings);
        return unusual.isEmpty() ? "the usual settings" : FrontEnds.print(unusual);
    }

    /** The command that makes features of such settings. */
    static String featurize(Map<String, String> settings) {
        return unusual(settings).entrySet().stream()
                .map(entry -> " --set " + entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining("", "featurize", ""));
    }

    private static Map<String, String> unusual(Map<String, String> settings) {
        Map<String, String> unusual = new TreeMap<>(settings);
        unusual.entrySet().removeAll(ConfigBinder.values(FrontEndConfig.usm()).entrySet());
        return unusual;
    }
}
