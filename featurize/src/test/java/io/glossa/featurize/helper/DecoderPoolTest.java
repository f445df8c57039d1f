package io.glossa.featurize.helper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.error.GlossaException;
import io.glossa.featurize.RejectCode;
import io.glossa.featurize.Speech;
import io.glossa.featurize.decode.AudioDecoder;
import io.glossa.featurize.decode.DecodeOptions;
import io.glossa.featurize.decode.Decoded;
import io.glossa.featurize.decode.RawFormat;
import io.glossa.featurize.decode.TestEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecoderPoolTest {
    private static final byte[] WORD = Speech.bytes("en_wideband.flac");
    private static final DecoderLimits SMALL = new DecoderLimits(128, 3);

    /** Those of what else has decoded in this process. */
    private final Set<Long> others = children();

    private final DecoderPool pool = new DecoderPool(FaultyDecoder.class, SMALL);

    @AfterEach
    void close() {
        pool.close();
    }

    static Stream<byte[]> files() {
        float[] speech = Speech.wideband();
        float[] wrong = speech.clone();
        wrong[5000] = Float.NaN;
        byte[] wav = wav("pcm_s16le", speech);
        return Stream.of(
                WORD,
                Speech.bytes("en_telephone.flac"),
                wav,
                TestEncoder.encode("wav", "pcm_s24le", 44_100, speech, Speech.times(speech, 0.3)),
                wav("pcm_f32le", wrong),
                wav("pcm_s16le", speech, Speech.times(speech, -1)),
                wav("pcm_s16le", Speech.noise(200, 0.1, 1)),
                Arrays.copyOf(wav, wav.length / 2),
                new byte[0],
                "no audio, größer".getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] wav(String codec, float[]... channels) {
        return TestEncoder.encode("wav", codec, 16_000, channels);
    }

    @Test
    void decodesToTheSameBitsAsThisProcess() {
        List<DecodeOptions> ways = List.of(
                DecodeOptions.lenient(),
                new DecodeOptions(true, 7200, null),
                new DecodeOptions(false, 1, new RawFormat("s16le", 8000, 1)));
        for (DecodeOptions options : ways) {
            files().forEach(file -> SameDecoded.check(pool.decode(file, options), AudioDecoder.decode(file, options)));
        }
        assertThat(helpers()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "'<segv>  ', DECODER_DIED, its decoder was ended by SIGSEGV",
        "'<kill>  ', DECODER_DIED, its decoder was ended by SIGKILL",
        "'<abrt>  ', DECODER_DIED, its decoder was ended by SIGABRT",
        "'<native>', DECODER_DIED, its decoder was ended by SIGSEGV in libc.so",
        "'<heap>  ', DECODER_MEMORY, its decoder needs more than the 128 MiB of heap or 960 MiB in all that it may have",
        "'<throw> ', DECODER_DIED, 'its decoder ended with status 70: java.lang.IllegalStateException: a decoder at a loss'"
    })
    void aFileThatEndsItsDecoderIsARejectThatSaysHow(String fault, RejectCode code, String detail) {
        Decoded.Reject reject =
                (Decoded.Reject) pool.decode(FaultyDecoder.marked(WORD, fault), DecodeOptions.lenient());
        assertThat(reject.detail()).startsWith(detail);
        assertThat(reject.code()).isEqualTo(code);
        theNextFileIsDecoded();
    }

    private void theNextFileIsDecoded() {
        SameDecoded.check(
                pool.decode(WORD, DecodeOptions.lenient()), AudioDecoder.decode(WORD, DecodeOptions.lenient()));
        assertThat(helpers()).hasSize(1);
    }

    @Test
    void aFileThatComputesForEverIsEndedByItsProcessorTime() {
        long start = System.nanoTime();
        Decoded decoded = pool.decode(FaultyDecoder.marked(new byte[0], "<hang>  "), DecodeOptions.lenient());
        assertThat(decoded)
                .isEqualTo(new Decoded.Reject(
                        RejectCode.DECODER_TIMEOUT,
                        "its decoder took more than 3.0 s of processor time, or 60 s on the clock"));
        assertThat(System.nanoTime() - start).isGreaterThan(TimeUnit.SECONDS.toNanos(3));
        theNextFileIsDecoded();
    }

    @Test
    void aFileThatWaitsForEverIsEndedByTheClock() {
        try (DecoderPool hasty = new DecoderPool(FaultyDecoder.class, new DecoderLimits(128, 0.1))) {
            Decoded decoded = hasty.decode(FaultyDecoder.marked(new byte[0], "<sleep> "), DecodeOptions.lenient());
            assertThat(((Decoded.Reject) decoded).code()).isEqualTo(RejectCode.DECODER_TIMEOUT);
        }
    }

    @Test
    void aLargerFileMayTakeMoreTimeButNoMoreThanTheLongestOne() {
        DecodeOptions hours = DecodeOptions.lenient();
        assertThat(SMALL.cpuSeconds(0, hours)).isEqualTo(3);
        assertThat(SMALL.cpuSeconds(1_000_000, hours)).isEqualTo(53);
        assertThat(SMALL.cpuSeconds(2_000_000_000, hours)).isEqualTo(363);
    }

    @Test
    void anInterruptedTaskDoesNotWait() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> pool.decode(FaultyDecoder.marked(WORD, "<sleep> "), DecodeOptions.lenient()))
                .isInstanceOf(GlossaException.class)
                .hasMessage("Cannot decode a file: the task was ended meanwhile");
        assertThat(Thread.interrupted()).isTrue();
    }

    /** As a terminal sends to all processes of a job, the executor among them, when a person ends it. */
    @Test
    void aHelperLeavesTheEndToItsExecutor() throws Exception {
        theNextFileIsDecoded();
        Set<Long> before = helpers();
        for (String signal : List.of("-INT", "-TERM", "-HUP")) {
            new ProcessBuilder("kill", signal, before.iterator().next().toString())
                    .inheritIO()
                    .start()
                    .waitFor();
        }
        theNextFileIsDecoded();
        assertThat(helpers()).isEqualTo(before);
    }

    @Test
    void aHelperThatDiedWhileIdleIsReplaced() throws Exception {
        theNextFileIsDecoded();
        ProcessHandle helper = ProcessHandle.of(helpers().iterator().next()).orElseThrow();
        helper.destroyForcibly();
        helper.onExit().get(60, TimeUnit.SECONDS);
        theNextFileIsDecoded();
    }

    @Test
    void helpersThatNothingIsAskedOfEnd() throws Exception {
        theNextFileIsDecoded();
        ProcessHandle helper = ProcessHandle.of(helpers().iterator().next()).orElseThrow();
        pool.endIdle(3600);
        assertThat(helper.isAlive()).isTrue();
        pool.endIdle(0);
        helper.onExit().get(60, TimeUnit.SECONDS);
        assertThat(helpers()).isEmpty();
    }

    @Test
    void saysWhyAHelperDoesNotStart() {
        try (DecoderPool broken = new DecoderPool(DecoderPoolTest.class, SMALL)) {
            assertThatThrownBy(() -> broken.decode(WORD, DecodeOptions.lenient()))
                    .isInstanceOf(GlossaException.class)
                    .hasMessageStartingWith(
                            "Cannot start a decoder: found that it ended with status 1: Error: Main method"
                                    + " not found in class " + DecoderPoolTest.class.getName())
                    .hasMessageEndingWith("(--set decoding=in-process needs none)");
        }
    }

    /** Ids of helpers that have not ended. */
    private Set<Long> helpers() {
        Set<Long> own = children();
        own.removeAll(others);
        return own;
    }

    private static Set<Long> children() {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info().command().orElse("").endsWith("java"))
                .map(ProcessHandle::pid)
                .collect(Collectors.toSet());
    }
}
