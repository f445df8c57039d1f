package io.glossa.featurize.source;

/** Takes what a {@link Source} finds in a place. */
public interface Found {
    /** A recording, readable or not. Of one that is named more than once, all spans are taken. */
    void recording(SourceFile file);

    /** Another place to list, by whoever has time. */
    void place(Place place);

    /** Something that is no recording, counted by reason. */
    void passedOver(String reason);
}
