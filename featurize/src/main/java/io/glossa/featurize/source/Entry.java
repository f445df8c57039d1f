package io.glossa.featurize.source;

import java.util.Locale;

/**
 * What lies in a folder.
 *
 * @param name without the folder's
 * @param version null where it is not known
 * @param fault why it cannot be read; null if nothing speaks against it
 */
record Entry(String uri, String name, Kind kind, SourceBytes.Version version, SourceFile.Fault fault) {
    enum Kind {
        FILE,
        FOLDER,
        /** A link to a folder that it lies in. */
        LOOP
    }

    boolean isHidden() {
        return name.startsWith(".");
    }

    /** {@code wav} of {@code x.WAV}; empty where there is none. */
    String ending() {
        return ending(name);
    }

    /** {@code x} of {@code x.wav}. */
    String stem() {
        return stem(name);
    }

    static String ending(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    }

    static String stem(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }

    /** How it is counted if nothing is made of it. */
    String reason() {
        return ending().isEmpty() ? "without ending" : "." + ending();
    }
}
