package io.glossa.jobs.lineage;

import io.glossa.jobs.cli.Json;
import io.glossa.jobs.spark.LakeOptions;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What all questions about models are asked with. */
final class AskOptions {
    @Mixin
    private LakeOptions lakeOptions;

    @Option(
            names = "--models",
            paramLabel = "DIR",
            description =
                    "where models lie besides the lake's folder models: a checkpoint, a training's folder, or a folder"
                            + " of such (may be repeated)")
    private List<Folder> models = new ArrayList<>();

    @Option(names = "--json", description = "print one line of JSON")
    private boolean json;

    /** Opens the lake. */
    Lake lake() {
        return lakeOptions.open();
    }

    /** The models that are found. */
    Ancestry ancestry(Lake lake) {
        return new Ancestry(lake, Models.of(lake, models));
    }

    /** Opens the lake, finds the models, and prints the answer. */
    <A extends Record> void answer(Function<Ancestry, A> question, Function<A, List<String>> words) {
        try (Lake lake = lake()) {
            print(question.apply(ancestry(lake)), words);
        }
    }

    /** Prints an answer as it was asked for. */
    <A extends Record> void print(A answer, Function<A, List<String>> words) {
        if (json) {
            System.out.println(Json.line(answer));
        } else {
            words.apply(answer).forEach(System.out::println);
        }
    }
}
