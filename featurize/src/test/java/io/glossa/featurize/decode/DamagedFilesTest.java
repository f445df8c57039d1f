package io.glossa.featurize.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.glossa.featurize.RejectCode;
import io.glossa.featurize.Speech;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DamagedFilesTest {
    private static final float[] SPEECH = Speech.wideband();
    private static final DecodeOptions STRICT = new DecodeOptions(true, 7200, null);

    @Test
    void refusesWhatIsNotAudio() {
        assertThat(code(new byte[0])).isEqualTo(RejectCode.EMPTY_FILE);
        assertThat(code(new byte[] {0})).isEqualTo(RejectCode.NOT_AUDIO);
        assertThat(code(new byte[100_000])).isEqualTo(RejectCode.NOT_AUDIO);
        assertThat(code("Hello,\nthis is a text file.\n".repeat(50).getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(RejectCode.NOT_AUDIO);
        byte[] png = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R', 0, 0, 0, 1};
        assertThat(code(Arrays.copyOf(png, 3000))).isIn(RejectCode.NO_AUDIO_STREAM, RejectCode.NOT_AUDIO);
    }

    @Test
    void refusesAnAudioFileOfNoSamples() {
        byte[] wav = Arrays.copyOf(wav(), 44);
        putInt(wav, 4, 36);
        putInt(wav, 40, 0);
        assertThat(code(wav)).isEqualTo(RejectCode.NO_SAMPLES);
        assertThat(code(FlacEncoder.encode(new float[0]))).isEqualTo(RejectCode.NO_SAMPLES);
    }

    @Test
    void refusesHeadersThatCannotBe() {
        byte[] zeroRate = wav();
        putInt(zeroRate, 24, 0);
        assertThat(code(zeroRate)).isEqualTo(RejectCode.NOT_AUDIO);
        byte[] oneHertz = wav();
        putInt(oneHertz, 24, 1);
        assertThat(code(oneHertz)).isEqualTo(RejectCode.CORRUPT);
        byte[] zeroChannels = wav();
        zeroChannels[22] = 0;
        assertThat(AudioDecoder.decode(zeroChannels, DecodeOptions.lenient())).isInstanceOf(Decoded.Reject.class);
        byte[] unknownCodec = wav();
        unknownCodec[20] = 0x77;
        unknownCodec[21] = 0x77;
        assertThat(code(unknownCodec)).isEqualTo(RejectCode.UNSUPPORTED_CODEC);
        byte[] thirteenBits = wav();
        thirteenBits[32] = 1;
        thirteenBits[34] = 13;
        assertThat(code(thirteenBits)).isEqualTo(RejectCode.CORRUPT);
    }

    @ParameterizedTest
    @CsvSource({
        "wav, pcm_s16le",
        "wav, pcm_f32le",
        "aiff, pcm_s16be",
        "flac, flac",
        "mp3, libmp3lame",
        "ogg, libopus",
        "ogg, flac",
        "caf, pcm_s16le",
        "wv, wavpack",
        "matroska, pcm_s16le"
    })
    void keepsWhatThereIsOfATruncatedFile(String muxer, String codec) {
        float[] speech = Speech.join(SPEECH, SPEECH, SPEECH, SPEECH, SPEECH, SPEECH);
        byte[] whole = TestEncoder.encode(muxer, codec, 16_000, speech);
        byte[] cut = Arrays.copyOf(whole, whole.length * 6 / 10);
        Decoded decoded = AudioDecoder.decode(cut, DecodeOptions.lenient());
        assertThat(decoded).isInstanceOf(Decoded.Ok.class);
        Decoded.Ok ok = (Decoded.Ok) decoded;
        assertThat(ok.partial()).isTrue();
        assertThat(ok.warning()).isNotBlank();
        assertThat(ok.samples().length).isBetween(speech.length * 3 / 10, speech.length * 7 / 10);
        assertThat(Align.correlation(Arrays.copyOf(speech, ok.samples().length), ok.samples(), 1200))
                .isGreaterThan(0.95);
        assertThat(AudioDecoder.decode(cut, STRICT)).isInstanceOf(Decoded.Reject.class);
        assertThat(AudioDecoder.decode(whole, STRICT)).isInstanceOf(Decoded.Ok.class);
    }

    @Test
    void refusesAMovieWithoutIndex() {
        byte[] whole = TestEncoder.encode("mov", "pcm_s16le", 16_000, SPEECH);
        assertThat(code(Arrays.copyOf(whole, whole.length * 6 / 10))).isEqualTo(RejectCode.NOT_AUDIO);
    }

    @Test
    void refusesTooLittleOfADamagedFile() {
        byte[] cut = Arrays.copyOf(wav(), 44 + 2 * 4000);
        assertThat(code(cut)).isEqualTo(RejectCode.TOO_SHORT);
        byte[] shortButIntact = TestEncoder.encode("wav", "pcm_s16le", 16_000, Arrays.copyOf(SPEECH, 4000));
        assertThat(AudioDecoder.decode(shortButIntact, STRICT)).isInstanceOf(Decoded.Ok.class);
    }

    @Test
    void marksAHeaderThatPromisesMore() {
        byte[] wav = wav();
        putInt(wav, 40, 4 * SPEECH.length);
        Decoded.Ok ok = (Decoded.Ok) AudioDecoder.decode(wav, DecodeOptions.lenient());
        assertThat(ok.partial()).isTrue();
        assertThat(ok.samples()).hasSize(SPEECH.length);
        putInt(wav, 40, -1);
        Decoded.Ok streamed = (Decoded.Ok) AudioDecoder.decode(wav, DecodeOptions.lenient());
        assertThat(streamed.partial()).as("0xffffffff means unknown").isFalse();
        assertThat(streamed.samples()).hasSize(SPEECH.length);
    }

    @Test
    void losesOnlyTheFrameThatIsWrong() {
        byte[] flac = FlacEncoder.encode(Speech.join(SPEECH, SPEECH, SPEECH));
        for (int i = 0; i < 20; i++) {
            flac[flac.length / 2 + i] ^= 0x55;
        }
        Decoded.Ok ok = (Decoded.Ok) AudioDecoder.decode(flac, DecodeOptions.lenient());
        assertThat(ok.partial()).isTrue();
        assertThat(ok.samples().length)
                .isCloseTo(3 * SPEECH.length, within(10_000))
                .isLessThan(3 * SPEECH.length);
    }

    @Test
    void noticesADamagedOggPage() {
        byte[] ogg = TestEncoder.encode("ogg", "libopus", 16_000, Speech.join(SPEECH, SPEECH, SPEECH, SPEECH));
        ogg[ogg.length / 2] ^= 1;
        Decoded decoded = AudioDecoder.decode(ogg, STRICT);
        assertThat(decoded).isInstanceOf(Decoded.Reject.class);
    }

    @Test
    void neverOpensAnotherFile(@TempDir Path folder) throws Exception {
        Path secret = Files.write(folder.resolve("secret.wav"), wav());
        for (String playlist : new String[] {
            "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:9,\n" + secret + "\n#EXT-X-ENDLIST\n",
            "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:9,\nfile://" + secret + "\n#EXT-X-ENDLIST\n",
            "ffconcat version 1.0\nfile '" + secret + "'\n"
        }) {
            assertThat(AudioDecoder.decode(playlist.getBytes(StandardCharsets.UTF_8), DecodeOptions.lenient()))
                    .isInstanceOf(Decoded.Reject.class);
        }
    }

    @Test
    void survivesAnyBytes() {
        long seed = 20261123;
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        byte[][] files = {
            wav(),
            FlacEncoder.encode(SPEECH),
            TestEncoder.encode("mp3", "libmp3lame", 16_000, SPEECH),
            TestEncoder.encode("ogg", "libopus", 16_000, SPEECH),
            TestEncoder.encode("ipod", "aac", 16_000, SPEECH),
            TestEncoder.encode("caf", "alac", 16_000, SPEECH),
            TestEncoder.encode("webm", "libopus", 16_000, SPEECH),
            TestEncoder.encode("asf", "wmav2", 16_000, SPEECH),
            TestEncoder.encode("adts", "aac", 16_000, SPEECH)
        };
        Assertions.assertTimeout(Duration.ofSeconds(120), () -> {
            for (int round = 0; round < 40; round++) {
                for (byte[] file : files) {
                    byte[] damaged = damage(file, random);
                    Decoded decoded = AudioDecoder.decode(damaged, DecodeOptions.lenient());
                    if (decoded instanceof Decoded.Ok ok) {
                        for (float sample : ok.samples()) {
                            assertThat(Float.isFinite(sample)).isTrue();
                        }
                    } else {
                        assertThat(((Decoded.Reject) decoded).detail()).isNotBlank();
                    }
                }
                byte[] noise = new byte[random.nextInt(20_000)];
                random.nextBytes(noise);
                AudioDecoder.decode(noise, DecodeOptions.lenient());
            }
        });
    }

    private static byte[] damage(byte[] file, Random random) {
        byte[] damaged = random.nextBoolean() ? file.clone() : Arrays.copyOf(file, 1 + random.nextInt(file.length));
        int changes = random.nextInt(30);
        int reach = random.nextBoolean() ? Math.min(200, damaged.length) : damaged.length;
        for (int i = 0; i < changes; i++) {
            damaged[random.nextInt(reach)] = (byte) random.nextInt();
        }
        return damaged;
    }

    private static byte[] wav() {
        short[] quantized = FlacEncoder.quantize(SPEECH);
        ByteBuffer wav = ByteBuffer.allocate(44 + 2 * quantized.length).order(ByteOrder.LITTLE_ENDIAN);
        wav.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + 2 * quantized.length);
        wav.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16).putShort((short) 1);
        wav.putShort((short) 1)
                .putInt(16_000)
                .putInt(32_000)
                .putShort((short) 2)
                .putShort((short) 16);
        wav.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(2 * quantized.length);
        wav.asShortBuffer().put(quantized);
        return wav.array();
    }

    private static void putInt(byte[] bytes, int at, int value) {
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
    }

    private static RejectCode code(byte[] bytes) {
        Decoded decoded = AudioDecoder.decode(bytes, DecodeOptions.lenient());
        assertThat(decoded).isInstanceOf(Decoded.Reject.class);
        return ((Decoded.Reject) decoded).code();
    }
}
