package io.glossa.jobs.lineage;

import io.glossa.error.GlossaException;
import io.glossa.jobs.spark.Session;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.Lineage;
import io.glossa.storage.checkpoint.Checkpoints;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code verify}. */
@Command(
        name = "verify",
        description = {
            "Says whether a model is what its training makes: trains from the checkpoint before the last one to the last one again, on"
                    + " as many ranks and threads, and compares the bits.",
            "Names what differs in where the two ran. Ends with exit code 0 if the bits are the same, else with "
                    + VerifyCommand.OTHER_BITS + "."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {"", "Example:", "  ./glossa verify work/lake/models/finetune --lake work/lake"})
public final class VerifyCommand implements Callable<Integer> {
    static final int OTHER_BITS = 3;

    @Parameters(paramLabel = "CHECKPOINT", description = "the last one of a training, or the training's folder")
    private Folder path;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            description = "where to train, which driver and executors must see (default: beside the training's folder);"
                    + " what is written there is taken away afterwards")
    private Folder work;

    @Mixin
    private AskOptions options;

    @Override
    public Integer call() {
        Folder checkpoint = Checkpoints.model(path, System.err::println)
                .orElseThrow(() ->
                        GlossaException.user("Cannot verify " + path + ": no finished checkpoint there, expected one"));
        Folder trained = (work == null ? checkpoint.parent().parent() : work).resolve("verify-" + UUID.randomUUID());
        try (Lake lake = options.lake()) {
            Optional<Folder> init = init(checkpoint, options.ancestry(lake).models());
            try (Session session = Session.open("verify", lake)) {
                Verification found = Verification.of(checkpoint, init, trained, session.spark(), lake);
                options.print(found, Verification::lines);
                return found.isSame() ? 0 : OTHER_BITS;
            } finally {
                remove(trained);
            }
        }
    }

    private static Optional<Folder> init(Folder checkpoint, Models models) {
        return Optional.ofNullable(Checkpoints.meta(checkpoint).lineage().get(Lineage.MODEL_DIGEST))
                .map(digest -> models.find(digest)
                        .orElseThrow(() -> GlossaException.user("Cannot verify " + checkpoint
                                + ": found no model " + digest + ", which its training started from, expected it in"
                                + " the lake's folder models (--models DIR says where it is)"))
                        .step());
    }

    private static void remove(Folder trained) {
        try {
            trained.remove();
        } catch (IOException e) {
            System.err.println("Cannot take away " + trained + ": " + e + ", expected a writable folder");
        }
    }
}
