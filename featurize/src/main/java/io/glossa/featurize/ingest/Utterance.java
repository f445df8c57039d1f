package io.glossa.featurize.ingest;

import io.glossa.featurize.Ids;
import io.glossa.featurize.segment.Segment;

/**
 * One segment of a recording with its audio.
 *
 * @param id {@link Ids#utterance}
 * @param segment in samples of the recording at 16 kHz
 * @param speaker null where unknown
 * @param lang its language
 * @param text normalised; null if there is none
 * @param rawText as it came; null if there is none
 * @param flac FLAC, 16 kHz, mono
 */
record Utterance(String id, Segment segment, String speaker, String lang, String text, String rawText, byte[] flac) {}
