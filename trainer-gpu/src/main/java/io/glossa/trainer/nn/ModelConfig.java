package io.glossa.trainer.nn;

import io.glossa.config.ConfigBinder;
import io.glossa.config.Nearest;
import io.glossa.error.GlossaException;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * The shape of the encoder.
 *
 * @param layers Conformer blocks
 * @param dModel width of a frame
 * @param heads attention heads; they divide the width
 * @param ffn width inside a feed-forward module
 * @param kernel taps of the depthwise convolution, an odd number
 * @param chunkFrames 40 ms frames that attend to each other; 0: all of the utterance
 * @param mels log-mel bins of a frame
 * @param channels channels of the sub-sampling convolutions
 */
public record ModelConfig(
        int layers, int dModel, int heads, int ffn, int kernel, int chunkFrames, int mels, int channels) {
    /** Frames of 10 ms in one frame of the encoder. */
    public static final int SUBSAMPLING = 4;

    private static final List<String> PRESETS = List.of("xs", "s", "demo", "m", "0.6b", "2b", "8b");
    private static final ModelConfig DEFAULTS = new ModelConfig(4, 144, 4, 576, 5, 200, 128, 32);

    public ModelConfig {
        require(layers > 0 && dModel > 0 && ffn > 0 && mels > 0 && channels > 0, "sizes", "all above 0");
        require(heads > 0 && dModel % heads == 0, heads + " heads at width " + dModel, "heads that divide the width");
        require(dModel % 2 == 0, "width " + dModel, "an even one");
        require(kernel > 0 && kernel % 2 == 1, "a kernel of " + kernel, "an odd one");
        require(chunkFrames >= 0, "chunks of " + chunkFrames + " frames", "0 (all) or more");
    }

    /** The names of the presets, smallest model first. */
    public static List<String> presets() {
        return PRESETS;
    }

    /**
     * A preset of {@code deploy/presets/model}.
     *
     * @throws GlossaException of type USER that names the nearest preset where there is none of this name
     */
    public static ModelConfig preset(String name) {
        return preset(name, Map.of());
    }

    /** A preset with some keys set otherwise. */
    public static ModelConfig preset(String name, Map<String, String> overrides) {
        Map<String, String> values = new LinkedHashMap<>(read(name));
        values.putAll(overrides);
        return ConfigBinder.bind(ModelConfig.class, values, DEFAULTS);
    }

    /** What a checkpoint's config says; its other keys are another's business. */
    public static ModelConfig ofCheckpoint(Map<String, String> config) {
        Map<String, String> own = new LinkedHashMap<>(config);
        own.keySet().retainAll(ConfigBinder.keys(ModelConfig.class));
        return ConfigBinder.bind(ModelConfig.class, own, DEFAULTS);
    }

    /** Encoder frames of so many 10 ms frames: two convolutions of stride 2, each rounding up. */
    public static int encoderFrames(int frames) {
        return (frames + SUBSAMPLING - 1) / SUBSAMPLING;
    }

    private static Map<String, String> read(String name) {
        if (!PRESETS.contains(name)) {
            throw GlossaException.user("Cannot use model preset '" + name + "': no such preset, expected one of "
                    + String.join(", ", PRESETS) + Nearest.hint(name, PRESETS));
        }
        String resource = "/io/glossa/presets/model/" + name + ".properties";
        try (InputStream in = ModelConfig.class.getResourceAsStream(resource)) {
            Properties properties = new Properties();
            properties.load(in);
            Map<String, String> values = new LinkedHashMap<>();
            properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
            return values;
        } catch (IOException e) {
            throw GlossaException.resource("Cannot read model preset '" + name + "' from " + resource)
                    .causedBy(e);
        }
    }

    private static void require(boolean holds, String found, String expected) {
        if (!holds) {
            throw GlossaException.user("Cannot build the model: found " + found + ", expected " + expected);
        }
    }
}
