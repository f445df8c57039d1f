package io.glossa.jobs.plan;

import io.glossa.config.Nearest;
import io.glossa.error.GlossaException;
import io.glossa.jobs.train.Overrides;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.BestRq;
import io.glossa.trainer.objective.BestRqConfig;
import io.glossa.trainer.objective.Ctc;
import io.glossa.trainer.objective.Objective;
import io.glossa.trainer.objective.SymbolTable;
import java.util.List;

/** What a training may be planned for. */
final class PlannedObjective {
    private static final String BEST_RQ = "best-rq";
    private static final String CTC = "ctc";
    private static final List<String> NAMES = List.of(BEST_RQ, CTC);

    /** The first character of a script of many, so that any number of symbols is there. */
    private static final int FIRST_SYMBOL = 0x4E00;

    private PlannedObjective() {}

    /**
     * @param symbols of a recogniser, without the blank
     * @throws GlossaException of type USER if there is none of this name
     */
    static Objective of(String name, ModelConfig model, Overrides set, int symbols) {
        return switch (name) {
            case BEST_RQ -> new BestRq(model, set.bind(BestRqConfig.class, BestRqConfig.DEFAULTS));
            case CTC -> new Ctc(model, symbols(symbols), true);
            default ->
                throw GlossaException.user("Cannot plan for objective '" + name + "': expected one of "
                        + String.join(", ", NAMES) + Nearest.hint(name, NAMES));
        };
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
