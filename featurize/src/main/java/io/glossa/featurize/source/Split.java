package io.glossa.featurize.source;

import io.glossa.error.GlossaException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;

/** What a recording is used for. It follows from its name alone, so that a growing collection keeps its test set. */
public enum Split {
    /** With its text, to train on: 60 %. */
    TRAIN,
    /** Without its text: 20 %, and all recordings that have none. */
    UNLABELLED,
    /** With its text, to measure on only: 20 %. */
    TEST;

    private static final BigInteger PARTS = BigInteger.valueOf(100);
    private static final int TEST_BELOW = 20;
    private static final int TRAIN_BELOW = 80;

    /**
     * The split of the recording {@code key} in {@code lang}, by h = md5(lang + "/" + key) mod 100: test if h &lt; 20,
     * train if h &lt; 80, else unlabelled.
     */
    public static Split of(String lang, String key) {
        int h = hash(lang + "/" + key);
        return h < TEST_BELOW ? TEST : h < TRAIN_BELOW ? TRAIN : UNLABELLED;
    }

    /** The name in the lake's column {@code split}. */
    public String column() {
        return name().toLowerCase(Locale.ROOT);
    }

    static int hash(String name) {
        try {
            byte[] digest = MessageDigest.getInstance("MD5").digest(name.getBytes(StandardCharsets.UTF_8));
            return new BigInteger(1, digest).mod(PARTS).intValue();
        } catch (NoSuchAlgorithmException e) {
            throw GlossaException.internal("Cannot hash '" + name + "': this Java has no MD5")
                    .causedBy(e);
        }
    }
}
