package io.glossa.trainer.objective;

import io.glossa.config.ConfigBinder;
import io.glossa.config.Nearest;
import io.glossa.error.GlossaException;
import io.glossa.trainer.nn.ModelConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The heads that an encoder gets for recognition. Each is called by the kind of its checkpoints. */
public enum Head {
    CTC(Ctc.KIND) {
        @Override
        public Recognition objective(ModelConfig model, SymbolTable symbols, Map<String, String> settings) {
            return new Ctc(model, symbols, augments(settings));
        }
    },
    RNNT(Rnnt.KIND, RnntConfig.DEFAULTS, CtcShare.DEFAULTS) {
        @Override
        public Recognition objective(ModelConfig model, SymbolTable symbols, Map<String, String> settings) {
            return new Rnnt(
                    model,
                    symbols,
                    bound(RnntConfig.DEFAULTS, settings),
                    bound(CtcShare.DEFAULTS, settings),
                    augments(settings));
        }
    },
    LAS(Las.KIND, LasConfig.DEFAULTS) {
        @Override
        public Recognition objective(ModelConfig model, SymbolTable symbols, Map<String, String> settings) {
            return new Las(model, symbols, bound(LasConfig.DEFAULTS, settings), augments(settings));
        }
    };

    private final String kind;
    private final List<Record> parts = new ArrayList<>();

    /** @param own settings that no other head has, as they usually are */
    Head(String kind, Record... own) {
        this.kind = kind;
        parts.addAll(List.of(own));
        parts.add(Augmentation.DEFAULTS);
    }

    /**
     * The head that a person asks for.
     *
     * @throws GlossaException of type USER if there is none of this name
     */
    public static Head named(String name) {
        return ofKind(name).orElseThrow(() -> {
            List<String> kinds = kinds();
            return GlossaException.user("Cannot train head '" + name + "': expected one of " + String.join(", ", kinds)
                    + Nearest.hint(name, kinds));
        });
    }

    /** Empty for a kind of objective that is no recogniser's. */
    public static Optional<Head> ofKind(String kind) {
        return Arrays.stream(values()).filter(head -> head.kind.equals(kind)).findFirst();
    }

    /** Of all. */
    public static List<String> kinds() {
        return Arrays.stream(values()).map(Head::kind).toList();
    }

    /** The head by which models of a kind recognise, as those of MOST do too; empty for a kind that does not. */
    public static Optional<Head> ofModel(String kind) {
        return ofKind(kind.equals(Most.KIND) ? Rnnt.KIND : kind);
    }

    /** The recogniser of a checkpoint; empty if it is of another kind. */
    public static Optional<Recognition> recognition(String kind, Map<String, String> config) {
        return ofModel(kind)
                .map(head ->
                        head.objective(ModelConfig.ofCheckpoint(config), SymbolTable.ofCheckpoint(config), config));
    }

    public String kind() {
        return kind;
    }

    /** The records that its settings are components of, beside the model's. */
    public List<Class<? extends Record>> settings() {
        return parts.stream().<Class<? extends Record>>map(Record::getClass).toList();
    }

    /**
     * All its settings, by key.
     *
     * @param set what is otherwise than usual, among settings that may be another's business
     */
    public Map<String, String> settings(Map<String, String> set) {
        Map<String, String> all = new LinkedHashMap<>();
        parts.forEach(part -> all.putAll(ConfigBinder.values(bound(part, set))));
        return all;
    }

    /** @param settings by key, some of which may be another's business; what is missing is as usual */
    public abstract Recognition objective(ModelConfig model, SymbolTable symbols, Map<String, String> settings);

    private static boolean augments(Map<String, String> settings) {
        return bound(Augmentation.DEFAULTS, settings).specAugment();
    }

    @SuppressWarnings("unchecked") // the class of a record is that of its type
    private static <R extends Record> R bound(R defaults, Map<String, String> settings) {
        Class<R> type = (Class<R>) defaults.getClass();
        return ConfigBinder.bindAmong(type, settings, defaults);
    }
}
