package io.glossa.storage;

import java.util.List;
import java.util.stream.Stream;

/** Classes of length, by which the features of utterances of about one length lie together. */
public final class LengthClass {
    /** The most frames of each class but the last, in 10 ms: fine where speech is short, since padding costs as much as speech. */
    public static final List<Integer> FRAMES = List.of(120, 200, 300, 400, 600, 800, 1200, 2000, 3200);

    private static final int LONGER = Integer.MAX_VALUE;

    private LengthClass() {}

    /** The class of an utterance of so many frames: the most that its like have. */
    public static int of(int frames) {
        return FRAMES.stream().filter(most -> frames <= most).findFirst().orElse(LONGER);
    }

    /** The classes of utterances of more frames than some and at most others. */
    public static List<Integer> between(int less, int most) {
        return Stream.concat(FRAMES.stream(), Stream.of(LONGER))
                .filter(each -> each >= of(less + 1) && each <= of(most))
                .toList();
    }
}
