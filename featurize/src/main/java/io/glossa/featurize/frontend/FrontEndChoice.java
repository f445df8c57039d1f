package io.glossa.featurize.frontend;

import io.glossa.config.ConfigBinder;
import io.glossa.config.ConfigDigest;
import io.glossa.error.GlossaException;
import io.glossa.featurize.mel.FrontEndConfig;
import io.glossa.storage.Lake;
import io.glossa.storage.checkpoint.CheckpointMeta;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Which front end's features are to be read: the model's own where there is a model, else the one that a person named, else
 * the lake's only one, or, to compute features, the usual one.
 *
 * @param own digest of the front end whose features the model was trained on; empty: no model, or one that does not say
 * @param settings of it, by key; empty where not known
 * @param asked first digits of the digest that a person named; empty: none, or a model says which
 */
public record FrontEndChoice(String own, Map<String, String> settings, String asked) implements Serializable {
    /** The lake's only one. */
    public static final FrontEndChoice ONLY = new FrontEndChoice("", Map.of(), "");

    /** @throws GlossaException of type USER if a person named another than the model's own */
    public FrontEndChoice {
        settings = Map.copyOf(settings);
        asked = asked.toLowerCase(Locale.ROOT);
        if (!own.isEmpty() && !own.startsWith(asked)) {
            throw GlossaException.user("Cannot read features of front end '" + asked
                    + "': the model was trained on those of " + own + ", expected the same (leave --front-end out)");
        }
        asked = own.isEmpty() ? asked : "";
    }

    /** The model's own, as its checkpoint tells; of one written before checkpoints told it, the lake's only one. */
    public static FrontEndChoice of(CheckpointMeta model) {
        return new FrontEndChoice(
                model.lineage().getOrDefault(FrontEnd.DIGEST, ""),
                FrontEnds.parse(model.lineage().getOrDefault(FrontEnd.SETTINGS, "")),
                "");
    }

    /** The same where a person named a front end, by the first digits of its digest; empty: none. */
    public FrontEndChoice asking(String digits) {
        return new FrontEndChoice(own, settings, digits);
    }

    /** True where a model says which. */
    public boolean isKnown() {
        return !own.isEmpty();
    }

    /**
     * The one with features in a snapshot that this means.
     *
     * @param job whose error it is otherwise
     * @param mels bins that the model takes
     * @throws GlossaException of type USER if there is none, or several, or its frames have other bins; it says what there is
     */
    public FrontEnd in(Lake lake, long snapshot, String job, int mels) {
        List<FrontEnd> present = FrontEnds.in(lake, snapshot);
        List<FrontEnd> meant = present.stream()
                .filter(one ->
                        isKnown() ? one.digest().equals(own) : one.digest().startsWith(asked))
                .toList();
        String table = "Cannot " + job + ": snapshot " + snapshot + " of features has ";
        if (present.isEmpty()) {
            throw GlossaException.user(table + "no rows, expected some (run featurize)")
                    .forWantOfInput();
        }
        if (meant.isEmpty() && isKnown()) {
            Map<String, String> known = settings.isEmpty() ? FrontEnds.settings(lake, own) : settings;
            throw GlossaException.user(
                    table + "none of front end " + own + ", which the model was trained on, expected some ("
                            + (known.isEmpty()
                                    ? "featurize with the settings of that time"
                                    : "run " + FrontEnd.featurize(known))
                            + "); it has " + listed(present));
        }
        if (meant.isEmpty()) {
            throw GlossaException.user(
                    table + "none of front end '" + asked + "', expected one that is there: " + listed(present));
        }
        if (meant.size() > 1) {
            throw GlossaException.user(table + "those of " + meant.size()
                    + " front ends, expected one (choose with --front-end and the first digits): " + listed(meant));
        }
        return requireMels(meant.get(0).orKnownAs(settings), job, mels);
    }

    /**
     * The one to compute features with that this means: where nobody says which, the usual one with the model's mels.
     *
     * @param job whose error it is otherwise
     * @param mels bins that the model takes
     * @throws GlossaException of type USER if the settings of what was asked for are not known, if several begin with the digits, or
     *     if its frames have other bins
     */
    public FrontEnd onTheFly(Lake lake, String job, int mels) {
        FrontEndConfig usual =
                ConfigBinder.bind(FrontEndConfig.class, Map.of("mels", Integer.toString(mels)), FrontEndConfig.usm());
        if (!isKnown() && asked.isEmpty()) {
            return FrontEnd.of(ConfigDigest.of(usual), ConfigBinder.values(usual));
        }
        Map<String, Map<String, String>> known = FrontEnds.known(lake);
        known.put(ConfigDigest.of(usual), ConfigBinder.values(usual));
        if (!settings.isEmpty()) {
            known.put(own, settings);
        }
        List<FrontEnd> meant = known.entrySet().stream()
                .filter(one ->
                        isKnown() ? one.getKey().equals(own) : one.getKey().startsWith(asked))
                .map(one -> FrontEnd.of(one.getKey(), one.getValue()))
                .toList();
        if (meant.size() != 1) {
            throw GlossaException.user("Cannot " + job + " on the fly: found the settings of " + meant.size()
                    + " front ends '" + own + asked + "' "
                    + listed(meant) + ", expected one that its model or this lake tells (train on stored features)");
        }
        return requireMels(meant.get(0), job, mels);
    }

    private static FrontEnd requireMels(FrontEnd one, String job, int mels) {
        if (one.mels() != mels) {
            throw GlossaException.user("Cannot " + job + ": the features of front end " + one
                    + " are not of the model's "
                    + mels + " mels, expected the same (a model with mels=" + one.mels() + ", or featurize --set mels="
                    + mels + ")");
        }
        return one;
    }

    private static String listed(List<FrontEnd> frontEnds) {
        return frontEnds.stream().map(FrontEnd::toString).collect(Collectors.joining(", "));
    }
}
