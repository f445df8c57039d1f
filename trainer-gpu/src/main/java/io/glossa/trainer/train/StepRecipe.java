package io.glossa.trainer.train;

import io.glossa.config.ConfigBinder;
import io.glossa.config.Nearest;
import io.glossa.error.GlossaException;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.AdamW;
import io.glossa.trainer.objective.Augmentation;
import io.glossa.trainer.objective.BestRq;
import io.glossa.trainer.objective.BestRqConfig;
import io.glossa.trainer.objective.Durations;
import io.glossa.trainer.objective.Head;
import io.glossa.trainer.objective.Most;
import io.glossa.trainer.objective.MostConfig;
import io.glossa.trainer.objective.Objective;
import io.glossa.trainer.objective.RnntConfig;
import io.glossa.trainer.objective.SymbolTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the steps of a training learn, without its data: to plan and to measure them.
 *
 * @param kind of the model
 * @param sources one; or some, each a stream whose gradients are added up with the others' before one update
 */
public record StepRecipe(String kind, List<Source> sources, AdamW optimizer) {
    private static final List<String> KINDS = Stream.of(
                    Stream.of(BestRq.KIND), Head.kinds().stream(), Stream.of(Most.KIND))
            .flatMap(kinds -> kinds)
            .toList();

    /** The first character of a script of many, so that any number of symbols is there. */
    private static final int FIRST_SYMBOL = 0x4E00;

    private static final int MOST_SYMBOLS = 1 << 14;

    /**
     * One kind of data.
     *
     * @param name of a stream
     * @param share of its utterances in a batch, relative to those that are asked for
     * @param layout of texts that nobody spoke
     */
    public record Source(String name, Objective objective, double share, Optional<Durations> layout) {
        /** Of a batch that is asked for, its own. */
        public Bucket bucket(Bucket batch) {
            return new Bucket((int) Math.max(1, Math.round(share * batch.utterances())), batch.frames());
        }
    }

    public StepRecipe {
        sources = List.copyOf(sources);
    }

    /** An objective that has steps to itself. */
    public static StepRecipe of(Objective objective, AdamW optimizer) {
        Source all = new Source(objective.kind(), objective, 1, Optional.empty());
        return new StepRecipe(objective.kind(), List.of(all), optimizer);
    }

    /** The records that settings of any objective are components of. */
    public static List<Class<? extends Record>> settings() {
        Stream<Class<? extends Record>> heads = Stream.of(Head.values()).flatMap(head -> head.settings().stream());
        return Stream.concat(Stream.of(ModelConfig.class, BestRqConfig.class, MostConfig.class), heads)
                .distinct()
                .toList();
    }

    /**
     * The objective that a person asks for.
     *
     * @param preset of the model, which with MOST has a block for speech alone unless the settings say otherwise
     * @param symbols of texts, without the blank
     * @param set settings by key, some of which may be another's business; what is missing is as usual
     * @param batchSeconds of a part of a batch, to which those of MOST's other streams are held
     * @throws GlossaException of type USER if there is none of this name
     */
    public static StepRecipe named(
            String kind, String preset, int symbols, Map<String, String> set, AdamW optimizer, double batchSeconds) {
        requireKnown(kind);
        Map<String, String> model =
                new LinkedHashMap<>(kind.equals(Most.KIND) ? Map.of("speech-layers", "1") : Map.of());
        model.putAll(set);
        model.keySet().retainAll(ConfigBinder.keys(ModelConfig.class));
        ModelConfig encoder = ModelConfig.preset(preset, model);
        if (kind.equals(BestRq.KIND)) {
            return of(new BestRq(encoder, masks(set)), optimizer);
        }
        if (kind.equals(Most.KIND)) {
            return most(encoder, symbols(symbols), set, optimizer, batchSeconds);
        }
        Head head = Head.ofKind(kind).orElseThrow();
        return of(head.objective(encoder, symbols(symbols), set), optimizer);
    }

    /** @throws GlossaException of type USER if there is no objective of this name */
    static void requireKnown(String kind) {
        if (!KINDS.contains(kind)) {
            throw GlossaException.user("Cannot train objective '" + kind + "': expected one of "
                    + String.join(", ", KINDS) + Nearest.hint(kind, KINDS));
        }
    }

    /** Of the streams that any phase has. */
    private static StepRecipe most(
            ModelConfig model, SymbolTable symbols, Map<String, String> set, AdamW optimizer, double batchSeconds) {
        MostConfig settings = ConfigBinder.bindAmong(MostConfig.class, set, MostConfig.DEFAULTS);
        Most most = new Most(
                model,
                symbols,
                masks(set),
                ConfigBinder.bindAmong(RnntConfig.class, set, RnntConfig.DEFAULTS),
                settings,
                ConfigBinder.bindAmong(Augmentation.class, set, Augmentation.DEFAULTS)
                        .specAugment());
        double heard = settings.untranscribedBatchSeconds() / batchSeconds;
        double read = settings.textBatchSeconds() / batchSeconds;
        List<Source> all = List.of(
                new Source(Most.PAIRED, most.paired(), 1, Optional.empty()),
                new Source(Most.UNTRANSCRIBED, most.untranscribed(), heard, Optional.empty()),
                new Source(Most.TEXT, most.text(), read, Optional.of(settings.layout())));
        List<String> names = all.stream().map(Source::name).toList();
        Curriculum curriculum = Curriculum.parse(settings.phases(), names);
        return new StepRecipe(
                Most.KIND,
                all.stream().filter(source -> curriculum.has(source.name())).toList(),
                optimizer);
    }

    private static BestRqConfig masks(Map<String, String> set) {
        return ConfigBinder.bindAmong(BestRqConfig.class, set, BestRqConfig.DEFAULTS);
    }

    private static SymbolTable symbols(int count) {
        if (count < 1 || count > MOST_SYMBOLS) {
            throw GlossaException.user(
                    "Cannot make a recogniser: found " + count + " symbols, expected 1 to " + MOST_SYMBOLS);
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.appendCodePoint(FIRST_SYMBOL + i);
        }
        return SymbolTable.ofText(text.toString());
    }

    /** The same with another optimizer. */
    public StepRecipe with(AdamW other) {
        return new StepRecipe(kind, sources, other);
    }

    /** Whether its sources are streams, each with programs of its own. */
    boolean hasStreams() {
        return kind.equals(Most.KIND);
    }

    /** Seconds of audio in a part of a batch; texts that nobody spoke have none. */
    public double audioSeconds(Bucket batch) {
        return sources.stream()
                .filter(source -> source.layout().isEmpty())
                .mapToDouble(source -> source.bucket(batch).utterances() * batch.frames() / Bucket.FRAMES_PER_SECOND)
                .sum();
    }

    /**
     * Floating-point operations of the products of a step of one part, by the formulas of {@link Objective#flop}.
     *
     * @param labels of each utterance
     */
    public double flop(Bucket batch, int labels) {
        return sources.stream()
                .mapToDouble(source -> source.objective().flop(source.bucket(batch), labels))
                .sum();
    }
}
