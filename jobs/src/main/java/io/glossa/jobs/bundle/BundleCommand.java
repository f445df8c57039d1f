package io.glossa.jobs.bundle;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bundle}. */
@Command(
        name = "bundle",
        description = {
            "Writes one folder that runs 'selftest', 'workbench' and 'bench train' on any x86-64 Linux machine, with its own"
                    + " Java runtime and with programs for the processor that need no compiler there. A GPU needs NVIDIA's"
                    + " driver and CUDA's libraries.",
            "Prints the folder's path as its last line."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class BundleCommand implements Callable<Integer> {
    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "work/glossa-bundle",
            description = "the folder; an earlier bundle there is replaced (default: ${DEFAULT-VALUE})")
    private Path out;

    @Override
    public Integer call() {
        Bundle bundle = Bundle.write(out.toAbsolutePath().normalize(), System.err::println);
        System.out.print(bundle.summary());
        System.out.println(bundle.folder());
        return 0;
    }
}
