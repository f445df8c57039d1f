package io.glossa.jobs.train;

import io.glossa.trainer.objective.Head;
import java.util.Map;

/**
 * What an encoder gets for recognition.
 *
 * @param settings all of the head's, by key
 */
record HeadChoice(Head head, Map<String, String> settings) {
    HeadChoice {
        settings = Map.copyOf(settings);
    }
}
