package io.glossa.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.error.GlossaException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class CommandsTest {
    private final PrintStream standardError = System.err;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @BeforeEach
    void listen() {
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restore() {
        System.setErr(standardError);
    }

    @Test
    void anUnknownOptionNamesItsNearestNeighbour() {
        assertThat(Commands.run(new Play(null), "--tempoo=4")).isEqualTo(2);
        assertThat(said()).startsWith("Cannot run 'play': unknown option '--tempoo', expected --pitch, --tempo");
        assertThat(said()).contains("did you mean '--tempo'?");
    }

    @Test
    void anUnknownCommandNamesItsNearestNeighbour() {
        assertThat(Commands.run(new Band(), "paly")).isEqualTo(2);
        assertThat(said()).contains("no such command 'paly', expected play").contains("did you mean 'play'?");
    }

    @Test
    void aWrongValueIsTheUsersError() {
        assertThat(Commands.run(new Play(null), "--tempo=fast")).isEqualTo(2);
        assertThat(said()).contains("'--tempo'").contains("fast");
    }

    @Test
    void theExitCodeSaysWhoCanMendIt() {
        assertThat(Commands.run(new Play(null))).isZero();
        assertThat(Commands.run(new Play(new IllegalStateException("broken")))).isEqualTo(1);
        assertThat(Commands.run(new Play(GlossaException.user("u")))).isEqualTo(2);
        assertThat(Commands.run(new Play(GlossaException.data("d")))).isEqualTo(3);
        assertThat(Commands.run(new Play(GlossaException.resource("r")))).isEqualTo(4);
    }

    @Test
    void ourErrorIsFoundInWhatWrapsIt() {
        RuntimeException wrapped =
                new RuntimeException("stage failed", new RuntimeException(GlossaException.data("Cannot read x: torn")));

        assertThat(Commands.run(new Play(wrapped))).isEqualTo(3);
        assertThat(said()).startsWith("Cannot read x: torn").doesNotContain("stage failed");
    }

    private String said() {
        return said.toString(StandardCharsets.UTF_8);
    }

    @Command(name = "band", subcommands = Play.class)
    static final class Band implements Callable<Integer> {
        @Override
        public Integer call() {
            return 0;
        }
    }

    @Command(name = "play")
    static final class Play implements Callable<Integer> {
        @Option(names = "--tempo")
        private int tempo;

        @Option(names = "--pitch")
        private int pitch;

        private final RuntimeException failure;

        Play() {
            this(null);
        }

        Play(RuntimeException failure) {
            this.failure = failure;
        }

        @Override
        public Integer call() {
            if (failure != null) {
                throw failure;
            }
            return tempo + pitch;
        }
    }
}
