package io.glossa.jobs.bench;

import io.glossa.jobs.cli.Commands;
import io.glossa.jobs.cli.Json;
import io.glossa.trainer.autograd.Sharding;
import io.glossa.trainer.data.Rank;
import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.runtime.Communicator;
import io.glossa.trainer.train.TrainBench;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/**
 * A measurement of training steps in a JVM of its own: {@code device objective size dtype batch seconds threads steps budget sharding set
 * cache} in this order, and of one of several ranks {@code rank ranks folder}, where they find each other. Prints its result as
 * the last line. It is no command: finding one among all commands takes as long as a start.
 */
final class MeasuredStep implements Callable<Integer> {
    /** Words of a process that measures alone. */
    private static final int ALONE = 12;

    private final String[] words;

    private MeasuredStep(String... words) {
        this.words = words;
    }

    public static void main(String... words) {
        System.exit(Commands.guarded(new MeasuredStep(words)));
    }

    /** The words that stand for a measurement. */
    static String[] words(TrainBench.Config config, Path cache) {
        return new String[] {
            config.device(),
            config.objective(),
            config.size(),
            config.dtype(),
            String.valueOf(config.batch()),
            String.valueOf(config.seconds()),
            String.valueOf(config.threads()),
            String.valueOf(config.steps()),
            String.valueOf(config.activationBytes()),
            config.sharding().name(),
            settings(config),
            cache.toString()
        };
    }

    /** A line for each key, with = before its value. */
    private static String settings(TrainBench.Config config) {
        return config.set().entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .collect(Collectors.joining("\n"));
    }

    private static Map<String, String> settings(String word) {
        return word.lines().map(line -> line.split("=", 2)).collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    }

    @Override
    public Integer call() {
        TrainBench.Config config = new TrainBench.Config(
                words[0],
                words[1],
                words[2],
                words[3],
                Integer.parseInt(words[4]),
                Integer.parseInt(words[5]),
                Integer.parseInt(words[6]),
                Integer.parseInt(words[7]),
                Long.parseLong(words[8]),
                Sharding.valueOf(words[9]),
                settings(words[10]));
        Path cache = Path.of(words[11]);
        System.out.println(Json.line(TrainBench.run(config, cache, ranks(TrainBench.request(config, cache)))));
        return 0;
    }

    private Communicator ranks(DeviceRequest request) {
        if (words.length == ALONE) {
            return Communicator.NONE;
        }
        Rank rank = new Rank(Integer.parseInt(words[ALONE]), Integer.parseInt(words[ALONE + 1]));
        return Communicator.of(
                rank, new MeetingFolder(Path.of(words[ALONE + 2]), rank).gathered(request.tell(rank, "localhost")));
    }
}
