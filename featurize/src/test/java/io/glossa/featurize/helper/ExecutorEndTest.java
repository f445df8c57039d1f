package io.glossa.featurize.helper;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.featurize.Speech;
import io.glossa.featurize.decode.DecodeOptions;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of helpers when the process that started them is no more. */
class ExecutorEndTest {
    @TempDir
    Path folder;

    /** An executor with an idle helper and one that computes for ever. */
    static final class Executor {
        public static void main(String[] args) throws Exception {
            byte[] word = Speech.bytes("en_wideband.flac");
            DecoderPool pool = new DecoderPool(FaultyDecoder.class, new DecoderLimits(128, 3600));
            Thread busy = new Thread(
                    () -> pool.decode(FaultyDecoder.marked(word, "<hang>  "), DecodeOptions.lenient()), "busy");
            busy.setDaemon(true);
            busy.start();
            while (ProcessHandle.current().children().noneMatch(Executor::isBusy)) {
                Thread.sleep(100);
            }
            pool.decode(word, DecodeOptions.lenient());
            ProcessHandle.current().children().map(ProcessHandle::pid).forEach(System.out::println);
            System.out.println("all");
            Thread.sleep(Long.MAX_VALUE);
        }

        /** More than a helper needs to start. */
        private static boolean isBusy(ProcessHandle helper) {
            return helper.info().totalCpuDuration().orElseThrow().toSeconds() >= 4;
        }
    }

    @Test
    void allHelpersEndWithTheirExecutorHoweverItDoes() throws Exception {
        Process executor = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:-UsePerfData",
                        "-Djava.io.tmpdir=" + folder,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Executor.class.getName())
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<ProcessHandle> helpers;
        try (BufferedReader out = executor.inputReader()) {
            helpers = out.lines()
                    .takeWhile(line -> !line.equals("all"))
                    .map(line -> ProcessHandle.of(Long.parseLong(line)).orElseThrow())
                    .toList();
        } finally {
            executor.destroyForcibly();
        }
        assertThat(helpers).hasSize(2);
        for (ProcessHandle helper : helpers) {
            helper.onExit().get(60, TimeUnit.SECONDS);
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }
}
