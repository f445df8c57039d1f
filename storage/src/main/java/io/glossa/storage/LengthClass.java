package io.glossa.storage;

import java.util.List;
import java.util.stream.Stream;

/** Classes of length, by which the features of utterances of about one length lie together. */
public final class LengthClass {
    /** The most frames of each class but the last, in 10 ms, each 15 % more than the one before: padding costs as much as speech. */
    public static final List<Integer> FRAMES = List.of(
            100, 120, 140, 180, 220, 260, 300, 360, 420, 500, 580, 680, 800, 920, 1060, 1220, 1420, 1640, 1900, 2200,
            2540, 2940, 3200);

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
