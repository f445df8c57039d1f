package io.glossa.trainer.objective;

import io.glossa.config.Nearest;
import io.glossa.error.GlossaException;
import java.util.Collection;
import java.util.List;

/**
 * Which of a model's parameters are trained, and at which rate.
 *
 * @param frozen the names of those that are not
 * @param encoderApart whether the encoder has a learning rate of its own
 */
public record ParameterGroups(List<NamePattern> frozen, boolean encoderApart) {
    /** All, at one rate. */
    public static final ParameterGroups ALL = new ParameterGroups(List.of(), false);

    private static final String ENCODER = "encoder.";

    public ParameterGroups {
        frozen = List.copyOf(frozen);
    }

    /** Whether a parameter has a gradient and an update. */
    boolean trains(String parameter) {
        return frozen.stream().noneMatch(pattern -> pattern.matches(parameter));
    }

    /** The batch scalar that is a parameter's learning rate. */
    String rate(String parameter) {
        return encoderApart && parameter.startsWith(ENCODER) ? Inputs.ENCODER_LEARNING_RATE : Inputs.LEARNING_RATE;
    }

    /**
     * Holds the patterns to a model.
     *
     * @param parameters the names of all its parameters
     * @throws GlossaException of type USER for a pattern that is of none of them, or if none is left to be trained
     */
    public void require(Collection<String> parameters) {
        for (NamePattern pattern : frozen) {
            if (parameters.stream().noneMatch(pattern::matches)) {
                throw GlossaException.user("Cannot freeze '" + pattern.text()
                        + "': no parameter has such a name, expected a pattern of some"
                        + Nearest.hint(pattern.text(), parameters));
            }
        }
        if (parameters.stream().noneMatch(this::trains)) {
            throw GlossaException.user("Cannot train: all parameters are frozen, expected some that are not");
        }
    }
}
