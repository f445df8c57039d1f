package io.glossa.featurize.decode;

import static io.glossa.featurize.decode.Decode.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.glossa.featurize.Speech;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that look damaged and are whole, as FFmpeg's own program takes them. */
class WholeFilesTest {
    private static final float[] SPEECH = Speech.wideband();
    /** Delay of an encoder and what fills up its last block, in samples of 16 kHz. */
    private static final int BLOCK = 2500;

    @ParameterizedTest
    @ValueSource(longs = {0x7ffff000L, 0x7fffffffL, 0x80000000L, 0x7f000024L, 0xfffff000L, 0xffffffffL, 0})
    void aLengthThatAStreamingWriterPutThere(long length) {
        byte[] wav = TestEncoder.encode("wav", "pcm_s16le", 16_000, SPEECH);
        putSize(wav, ByteOrder.LITTLE_ENDIAN, "data", length);
        assertWhole(wav, SPEECH.length, 0);
        byte[] adpcm = TestEncoder.encode("wav", "adpcm_ima_wav", 16_000, SPEECH, SPEECH);
        putSize(adpcm, ByteOrder.LITTLE_ENDIAN, "data", length);
        assertWhole(adpcm, SPEECH.length, BLOCK);
    }

    @Test
    void aLengthThatSoxPutsIntoAiff() {
        byte[] aiff = TestEncoder.encode("aiff", "pcm_s16be", 16_000, SPEECH);
        putSize(aiff, ByteOrder.BIG_ENDIAN, "SSND", 0x7f000008L);
        ByteBuffer.wrap(aiff).putInt(find(aiff, "COMM") + 10, 0x3f800000);
        assertWhole(aiff, SPEECH.length, 0);
    }

    @Test
    void aNumberOfFramesThatAStreamingWriterPutThere() {
        byte[] avi = TestEncoder.encode("avi", "libmp3lame", 16_000, SPEECH);
        int frames = find(avi, "auds") + 32;
        ByteBuffer.wrap(avi).order(ByteOrder.LITTLE_ENDIAN).putInt(frames, 1 << 30);
        System.arraycopy("JUNK".getBytes(StandardCharsets.US_ASCII), 0, avi, find(avi, "idx1"), 4);
        assertWhole(avi, SPEECH.length, BLOCK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"longer.mkv", "longer.wmv", "earlier.webm", "earlier.avi"})
    void aVideoThatIsLongerThanItsAudioOrBeginsBefore(String name) {
        assertWhole(Speech.bytes("en_video_" + name), SPEECH.length, BLOCK);
    }

    @Test
    void aMatroskaFileThatIsCut() {
        byte[] whole = Speech.bytes("en_video_longer.mkv");
        assertThat(ok(Arrays.copyOf(whole, whole.length / 2)).partial()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "adpcm_ima_wav, 44100, 2",
        "adpcm_ms, 44100, 2",
        "adpcm_ima_wav, 8000, 2",
        "adpcm_ms, 16000, 1",
        "adpcm_yamaha, 16000, 2",
        "adpcm_swf, 22050, 1"
    })
    void adpcm(String codec, int rate, int channels) {
        float[][] speech = new float[channels][];
        Arrays.fill(speech, SPEECH);
        assertWhole(TestEncoder.encode("wav", codec, rate, speech), SPEECH.length * 16_000 / rate, BLOCK);
    }

    @Test
    void aByteThatFillsUp() {
        assertWhole(Speech.bytes("en_padded_gsm.wav"), SPEECH.length, BLOCK);
    }

    /** SoX counts four bytes too few in the header of a block of 16-bit samples. */
    @ParameterizedTest
    @ValueSource(strings = {"en_sox.voc", "en_sox_mono.voc"})
    void aVocFileOfSox(String name) {
        assertWhole(Speech.bytes(name), 8000, 8);
    }

    @Test
    void joinedFiles() {
        byte[] mp3 = TestEncoder.encode("mp3", "libmp3lame", 16_000, SPEECH);
        byte[] tagged = join(id3(300), mp3, id3v1());
        for (byte[] joined : new byte[][] {join(mp3, mp3), join(tagged, tagged), join(mp3, tagged)}) {
            assertWhole(joined, 2 * SPEECH.length, 2 * BLOCK);
        }
        byte[] stereo = TestEncoder.encode("mp3", "libmp3lame", 44_100, SPEECH, SPEECH);
        assertWhole(join(tagged, stereo), SPEECH.length + SPEECH.length * 160 / 441, 2 * BLOCK);
        byte[] aac = TestEncoder.encode("adts", "aac", 16_000, SPEECH);
        assertWhole(join(aac, id3(300), aac), 2 * SPEECH.length, 2 * BLOCK);
    }

    @ParameterizedTest
    @CsvSource({
        "libopus, 48000, 1, libopus, 48000, 2",
        "libopus, 48000, 2, libopus, 48000, 1",
        "vorbis, 44100, 2, libopus, 48000, 1",
        "libopus, 48000, 1, flac, 16000, 1",
        "flac, 16000, 2, flac, 44100, 1"
    })
    void aChainWhoseLinksDiffer(String first, int rate, int channels, String then, int otherRate, int otherChannels) {
        byte[] chain =
                join(ogg(first, rate, channels), ogg(then, otherRate, otherChannels), ogg(first, rate, channels));
        long samples = SPEECH.length * 32_000L / rate + SPEECH.length * 16_000L / otherRate;
        Decoded.Ok decoded = assertWhole(chain, (int) samples, BLOCK);
        assertThat(decoded.info().durationSeconds()).isCloseTo(samples / 16_000.0, within(BLOCK / 16_000.0));
        assertThat(ok(Arrays.copyOf(chain, chain.length * 9 / 10)).partial()).isTrue();
    }

    /** Longer than the beginning that is looked at to tell what a file is. */
    @ParameterizedTest
    @CsvSource({"flac, flac", "adts, aac", "wav, pcm_s16le", "mp3, libmp3lame", "ogg, libopus"})
    void aLargeTagBefore(String muxer, String codec) {
        byte[] file = TestEncoder.encode(muxer, codec, 16_000, SPEECH);
        assertWhole(join(id3(2_500_000), file), SPEECH.length, BLOCK);
        assertWhole(join(id3(10), id3(100_000), file), SPEECH.length, BLOCK);
    }

    private static Decoded.Ok assertWhole(byte[] file, int samples, int within) {
        Decoded.Ok decoded = ok(file);
        assertThat(decoded.warning()).isNull();
        assertThat(decoded.partial()).isFalse();
        assertThat(decoded.samples().length).isCloseTo(samples, within(within));
        return decoded;
    }

    private static byte[] ogg(String codec, int rate, int channels) {
        float[][] speech = new float[channels][];
        Arrays.fill(speech, SPEECH);
        return TestEncoder.encode("ogg", codec, rate, speech);
    }

    private static byte[] id3(int size) {
        byte[] tag = new byte[10 + size];
        byte[] start = {'I', 'D', '3', 4, 0, 0, (byte) (size >> 21), (byte) (size >> 14 & 127), (byte) (size >> 7 & 127)
        };
        System.arraycopy(start, 0, tag, 0, start.length);
        tag[start.length] = (byte) (size & 127);
        return tag;
    }

    private static byte[] id3v1() {
        return Arrays.copyOf("TAGa title".getBytes(StandardCharsets.US_ASCII), 128);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }

    private static void putSize(byte[] file, ByteOrder order, String chunk, long size) {
        ByteBuffer.wrap(file).order(order).putInt(find(file, chunk) + 4, (int) size);
    }

    private static int find(byte[] file, String chunk) {
        return new String(file, StandardCharsets.ISO_8859_1).indexOf(chunk);
    }
}
