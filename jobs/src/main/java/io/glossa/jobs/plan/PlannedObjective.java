package io.glossa.jobs.plan;

import io.glossa.config.Nearest;
import io.glossa.error.GlossaException;
import io.glossa.jobs.train.Overrides;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.BestRq;
import io.glossa.trainer.objective.BestRqConfig;
import io.glossa.trainer.objective.Head;
import io.glossa.trainer.objective.Objective;
import io.glossa.trainer.objective.SymbolTable;
import java.util.List;
import java.util.stream.Stream;

/** What a training may be planned for. */
final class PlannedObjective {
    private static final String BEST_RQ = "best-rq";
    private static final List<String> NAMES =
            Stream.concat(Stream.of(BEST_RQ), Head.kinds().stream()).toList();

    /** The first character of a script of many, so that any number of symbols is there. */
    private static final int FIRST_SYMBOL = 0x4E00;

    private PlannedObjective() {}

    /** The records that settings of any are components of. */
    static List<Class<? extends Record>> settings() {
        Stream<Class<? extends Record>> heads = Stream.of(Head.values()).flatMap(head -> head.settings().stream());
        return Stream.concat(Stream.of(ModelConfig.class, BestRqConfig.class), heads)
                .distinct()
                .toList();
    }

    /**
     * @param symbols of a recogniser, without the blank
     * @throws GlossaException of type USER if there is none of this name
     */
    static Objective of(String name, ModelConfig model, Overrides set, int symbols) {
        if (name.equals(BEST_RQ)) {
            return new BestRq(model, set.bind(BestRqConfig.class, BestRqConfig.DEFAULTS));
        }
        return Head.ofKind(name)
                .orElseThrow(() -> GlossaException.user("Cannot plan for objective '" + name + "': expected one of "
                        + String.join(", ", NAMES) + Nearest.hint(name, NAMES)))
                .objective(model, symbols(symbols), set.set());
    }

    private static SymbolTable symbols(int count) {
        if (count < 1 || count > 1 << 14) {
            throw GlossaException.user("Cannot plan for " + count + " symbols, expected 1 to " + (1 << 14));
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.appendCodePoint(FIRST_SYMBOL + i);
        }
        return SymbolTable.ofText(text.toString());
    }
}
