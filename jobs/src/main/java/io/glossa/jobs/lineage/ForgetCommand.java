package io.glossa.jobs.lineage;

import io.glossa.error.GlossaException;
import io.glossa.jobs.cli.CodeVersion;
import io.glossa.jobs.consent.UsageOption;
import io.glossa.jobs.spark.Session;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.LakeTable;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lineage forget}. */
@Command(
        name = "forget",
        description = {
            "Takes recordings, or all that a speaker said, out of the lake's tables and of all that was made of it"
                    + " there, and notes their digests, so that no ingest brings them back.",
            "First it says what that meets: snapshots, trainings that cannot go on afterwards, models that have"
                    + " something of it. Only with --yes it is done, and a report for the one who asked is written, HTML"
                    + " and JSON, with digests."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  ./glossa lineage forget it/agent-pass.wav --lake work/lake",
            "  ./glossa lineage forget --speaker ann --source a --lake work/lake --expire --yes"
        })
final class ForgetCommand implements Callable<Integer> {
    @Parameters(paramLabel = "RECORDING", arity = "0..*", description = "ids, or the ends of URIs, from a slash on")
    private List<String> recordings = new ArrayList<>();

    @Option(names = "--speaker", paramLabel = "S", description = "all that they said, as the lake spells the name")
    private String speaker;

    @Option(
            names = "--request",
            paramLabel = "DIGEST",
            description = "what an earlier request asked for, such as to train again what did not come to an end")
    private String request;

    @Option(
            names = "--source",
            paramLabel = "NAME",
            defaultValue = "",
            description = "of this corpus alone, where others have a speaker of that name")
    private String source;

    @Option(names = "--yes", description = "do it")
    private boolean yes;

    @Option(
            names = "--expire",
            description = "take away all snapshots that hold it, too, and the files that no other has")
    private boolean expire;

    @Option(
            names = "--replay",
            description =
                    "then train again what learned from it, from the last checkpoint that had not, with nothing in its"
                            + " places in the order of batches; the models are those of trainings without it")
    private boolean replay;

    @Option(
            names = "--report",
            paramLabel = "DIR",
            description = "where to write report.html and report.json (default: forgotten/REQUEST in the lake)")
    private Folder report;

    @Mixin
    private UsageOption use;

    @Mixin
    private AskOptions options;

    @Override
    public Integer call() {
        try (Lake lake = options.lake()) {
            Wanted wanted = wanted(lake);
            Ancestry ancestry = options.ancestry(lake);
            Price price = Price.of(lake, ancestry, wanted);
            Optional<Replays> replays = replay ? Optional.of(Replays.of(ancestry, wanted)) : Optional.empty();
            price.lines().forEach(System.out::println);
            replays.ifPresent(some -> some.lines().forEach(System.out::println));
            if (!yes) {
                System.out.println("nothing was done; --yes does it");
                return 0;
            }
            try (Session session = Session.open("forget", lake)) {
                Forgetting forgetting = new Forgetting(session.spark(), lake, price);
                forgetting.run();
                Map<LakeTable, Integer> expired = expire ? forgetting.expire() : Map.of();
                List<String> remains = new ArrayList<>(Remains.of(price, expired));
                replays.ifPresent(some -> remains.addAll(some.unable()));
                ForgetReport done = report(price, expired, remains);
                Folder folder =
                        report == null ? lake.folder().resolve("forgotten").resolve(done.request()) : report;
                done = done.after(folder);
                done.write(folder); // whatever becomes of what follows
                if (replays.isPresent()) {
                    done = done.with(replays.get().run(session.spark(), lake, use.asked()));
                    done.write(folder);
                }
                done.lines().forEach(System.out::println);
                System.out.println("report: " + folder.file("report.html"));
            }
        }
        return 0;
    }

    private Wanted wanted(Lake lake) {
        long asked = Stream.of(!recordings.isEmpty(), speaker != null, request != null)
                .filter(each -> each)
                .count();
        if (asked != 1) {
            throw GlossaException.user("Cannot forget: found " + recordings.size() + " recordings, "
                    + (speaker == null ? "no speaker and " : "a speaker and ")
                    + (request == null ? "no request" : "a request")
                    + ", expected one of them: recordings, --speaker or --request");
        }
        if (speaker != null) {
            return Wanted.speaker(lake, speaker, source);
        }
        return request == null ? Wanted.recordings(lake, recordings) : Wanted.again(lake, request);
    }

    private static ForgetReport report(Price price, Map<LakeTable, Integer> expired, List<String> remains) {
        return new ForgetReport(
                price.wanted().digest(),
                LocalDate.now(ZoneOffset.UTC).toString(),
                CodeVersion.current(),
                price.wanted().recordings(),
                price.wanted().utterances(),
                price.holdings().rows().entrySet().stream()
                        .map(table -> new ForgetReport.Gone(
                                table.getKey().tableName(),
                                table.getValue(),
                                price.holdings().snapshots().get(table.getKey()).size(),
                                expired.getOrDefault(table.getKey(), 0)))
                        .toList(),
                price.runs().stream().map(run -> run.folder().name()).toList(),
                price.seen(),
                price.labels(),
                List.of(),
                remains,
                price.unknown());
    }
}
