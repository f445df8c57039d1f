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
 * @param layers Conformer blocks, beside those of {@code speechLayers}
 * @param dModel width of a frame
 * @param heads attention heads; they divide the width
 * @param ffn width inside a feed-forward module
 * @param kernel taps of the depthwise convolution, an odd number
 * @param attention which frames a frame attends to: see {@link AttentionSpan}
 * @param convolution how far the depthwise convolution sees
 * @param mels log-mel bins of a frame
 * @param channels channels of the sub-sampling convolutions
 * @param adapterWidth width inside the two adapters of a block; 0: it has none
 * @param speechLayers Conformer blocks between sub-sampling and the others, which text does not go through; one in the second stage
 *     of "Google USM" (arXiv 2303.01037)
 */
public record ModelConfig(
        int layers,
        int dModel,
        int heads,
        int ffn,
        int kernel,
        String attention,
        Convolution convolution,
        int mels,
        int channels,
        int adapterWidth,
        int speechLayers) {
    /** How far the depthwise convolution sees; it has the same taps in either case. */
    public enum Convolution {
        /** ⌊K/2⌋ frames to either side, K taps, over borders of chunks (Gulati et al., "Conformer", 2020; "Google USM", §2.3). */
        CROSSING,

        /**
         * ⌊K/2⌋ frames to either side, as above, but later ones to the end of its own chunk alone (dynamic chunk convolution,
         * Li et al. 2023), so that no frame of the encoder depends on what comes after its chunk.
         */
        CAUSAL_CHUNK
    }

    /** Frames of 10 ms in one frame of the encoder. */
    public static final int SUBSAMPLING = 4;

    private static final List<String> PRESETS = List.of("xs", "s", "demo", "m", "0.6b", "2b", "8b");
    private static final ModelConfig DEFAULTS =
            new ModelConfig(4, 144, 4, 576, 5, "chunk:200", Convolution.CROSSING, 128, 32);

    /** In checkpoints from before there were kinds of attention: frames of a chunk, 0 for all. */
    private static final String CHUNK_FRAMES = "chunk-frames";

    public ModelConfig {
        require(layers > 0 && dModel > 0 && ffn > 0 && mels > 0 && channels > 0, "sizes", "all above 0");
        require(heads > 0 && dModel % heads == 0, heads + " heads at width " + dModel, "heads that divide the width");
        require(dModel % 2 == 0, "width " + dModel, "an even one");
        require(kernel > 0 && kernel % 2 == 1, "a kernel of " + kernel, "an odd one");
        AttentionSpan span = AttentionSpan.parse(attention);
        attention = span.setting();
        require(
                convolution == Convolution.CROSSING || span.isChunked(),
                "convolution=causal-chunk with attention=" + attention,
                "attention=chunk:FRAMES, whose chunks it stops at (or convolution=crossing)");
        require(adapterWidth >= 0, "adapters of width " + adapterWidth, "0 (none) or more");
        require(speechLayers >= 0, speechLayers + " speech-layers", "0 (none) or more");
    }

    /** An encoder without adapters, and without blocks for speech alone. */
    public ModelConfig(
            int layers,
            int dModel,
            int heads,
            int ffn,
            int kernel,
            String attention,
            Convolution convolution,
            int mels,
            int channels) {
        this(layers, dModel, heads, ffn, kernel, attention, convolution, mels, channels, 0, 0);
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
        return ConfigBinder.bindAmong(ModelConfig.class, todays(config), DEFAULTS);
    }

    /** A checkpoint's config under the keys of today. */
    public static Map<String, String> todays(Map<String, String> config) {
        Map<String, String> today = new LinkedHashMap<>(config);
        String frames = today.remove(CHUNK_FRAMES);
        if (frames != null) {
            today.put("attention", frames.equals("0") ? "full" : "chunk:" + frames);
            today.put("convolution", "crossing");
        }
        today.putIfAbsent("adapter-width", "0"); // before there were adapters
        today.putIfAbsent("speech-layers", "0"); // before there were blocks for speech alone
        return today;
    }

    /** The kinds, by key: settings that no parameter depends on. */
    public static List<String> kinds() {
        return List.of("attention", "convolution");
    }

    /** Which frames a frame attends to in utterances of so many. */
    public AttentionSpan span(int frames) {
        return AttentionSpan.parse(attention).of(frames);
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
