package io.glossa.featurize.ingest;

import io.glossa.featurize.Ids;
import io.glossa.featurize.segment.Segment;

/**
 * One segment of a recording with its audio.
 *
 * @param id {@link Ids#utterance}
 * @param segment in samples of the recording at 16 kHz
 * @param flac FLAC, 16 kHz, mono
 */
record Utterance(String id, Segment segment, byte[] flac) {}
