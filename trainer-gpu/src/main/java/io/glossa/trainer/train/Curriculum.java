package io.glossa.trainer.train;

import io.glossa.error.GlossaException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Which streams of data a training learns from in which steps, and how much the loss of each counts: phases that follow each other. */
public record Curriculum(List<Phase> phases) {
    /**
     * Some steps.
     *
     * @param weights of the losses, by stream; a stream that is not among them is not read
     */
    public record Phase(long steps, Map<String, Double> weights) {
        public Phase {
            weights = Map.copyOf(weights);
        }

        private static Phase parse(String text, List<String> streams) {
            String[] parts = text.split(":", 2);
            Map<String, Double> weights = new LinkedHashMap<>();
            try {
                long steps = Long.parseLong(parts[0]);
                for (String each : parts[1].split("\\+", -1)) {
                    String[] stream = each.split("=", 2);
                    double weight = stream.length == 1 ? 1 : Double.parseDouble(stream[1]);
                    boolean known = streams.contains(stream[0]) && weight > 0 && Double.isFinite(weight);
                    if (!known || weights.put(stream[0], weight) != null) {
                        throw refused(text, streams);
                    }
                }
                if (steps < 1) {
                    throw refused(text, streams);
                }
                return new Phase(steps, weights);
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
                throw refused(text, streams).causedBy(e);
            }
        }

        private static GlossaException refused(String text, List<String> streams) {
            return GlossaException.user("Cannot train in the phase '" + text
                    + "', expected a number of steps and streams, each"
                    + " once, with weights above 0, such as 20000:" + String.join("=0.5+", streams) + " (streams: "
                    + String.join(", ", streams) + ")");
        }
    }

    public Curriculum {
        phases = List.copyOf(phases);
    }

    /**
     * Reads phases such as {@code 20000:untranscribed+paired} or {@code 100000:paired+text=0.3}; a stream without a weight has 1.
     *
     * @param streams that there are
     * @throws GlossaException of type USER if one is of other form or of other streams
     */
    public static Curriculum parse(List<String> phases, List<String> streams) {
        if (phases.isEmpty()) {
            throw GlossaException.user("Cannot train without a phase: phases is empty, expected one or more");
        }
        return new Curriculum(
                phases.stream().map(text -> Phase.parse(text, streams)).toList());
    }

    /** Of all phases. */
    public long steps() {
        return phases.stream().mapToLong(Phase::steps).sum();
    }

    /** The weights of the losses in a step, counted from 0, by stream. */
    public Map<String, Double> weights(long step) {
        long left = step;
        for (Phase phase : phases) {
            if (left < phase.steps()) {
                return phase.weights();
            }
            left -= phase.steps();
        }
        return Map.of();
    }

    /** How many of the first steps have a stream. */
    public long before(String stream, long step) {
        long left = step;
        long with = 0;
        for (Phase phase : phases) {
            with += phase.weights().containsKey(stream) ? Math.min(left, phase.steps()) : 0;
            left -= Math.min(left, phase.steps());
        }
        return with;
    }

    /** The other way round: the step, from 0, that is the so manieth, from 0, of those that have a stream. */
    public long step(String stream, long index) {
        long left = index;
        long before = 0;
        for (Phase phase : phases) {
            if (phase.weights().containsKey(stream)) {
                if (left < phase.steps()) {
                    return before + left;
                }
                left -= phase.steps();
            }
            before += phase.steps();
        }
        throw GlossaException.internal("Cannot find step " + index + " of stream " + stream + " in " + text());
    }

    /** Whether any step has a stream. */
    public boolean has(String stream) {
        return phases.stream().anyMatch(phase -> phase.weights().containsKey(stream));
    }

    /** As {@link #parse} reads it, with weights in one spelling and order. */
    public List<String> text() {
        return phases.stream()
                .map(phase -> phase.steps() + ":"
                        + phase.weights().entrySet().stream()
                                .sorted(Map.Entry.comparingByKey())
                                .map(each -> each.getKey() + "=" + each.getValue())
                                .collect(Collectors.joining("+")))
                .toList();
    }
}
