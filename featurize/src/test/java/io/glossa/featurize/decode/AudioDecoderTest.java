package io.glossa.featurize.decode;

import static io.glossa.featurize.decode.Decode.ok;
import static io.glossa.featurize.decode.Decode.reject;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.glossa.featurize.RejectCode;
import io.glossa.featurize.Speech;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AudioDecoderTest {
    private static final float[] SPEECH = Speech.wideband();

    @ParameterizedTest
    @CsvSource({
        "wav, pcm_s16le, 0.9999",
        "wav, pcm_s24le, 0.9999",
        "wav, pcm_s32le, 0.9999",
        "wav, pcm_f32le, 0.9999",
        "wav, pcm_f64le, 0.9999",
        "wav, pcm_u8, 0.98",
        "wav, pcm_mulaw, 0.999",
        "wav, pcm_alaw, 0.999",
        "wav, adpcm_ima_wav, 0.98",
        "w64, pcm_s16le, 0.9999",
        "aiff, pcm_s16be, 0.9999",
        "au, pcm_s16be, 0.9999",
        "caf, pcm_s16le, 0.9999",
        "flac, flac, 0.9999",
        "ogg, flac, 0.9999",
        "tta, tta, 0.999",
        "wv, wavpack, 0.999",
        "mp3, libmp3lame, 0.98",
        "mp2, mp2, 0.98",
        "ogg, libopus, 0.95",
        "webm, libopus, 0.95",
        "matroska, pcm_s16le, 0.9999",
        "ipod, aac, 0.97",
        "ipod, alac, 0.9999",
        "adts, aac, 0.97",
        "asf, wmav2, 0.97"
    })
    void decodesWhatFfmpegEncodes(String muxer, String codec, double correlation) {
        Decoded.Ok decoded = ok(TestEncoder.encode(muxer, codec, 16_000, SPEECH));
        assertThat(decoded.partial()).as(decoded.warning()).isFalse();
        assertThat(decoded.info().channels()).isOne();
        assertThat(Align.correlation(SPEECH, decoded.samples(), 1200)).isGreaterThan(correlation);
        assertThat(decoded.samples().length).isCloseTo(SPEECH.length, within(2400));
    }

    @ParameterizedTest
    @ValueSource(ints = {8000, 11_025, 22_050, 44_100, 48_000, 96_000})
    void resamples(int rate) {
        float[] tone = new float[3 * rate + 7];
        for (int i = 0; i < tone.length; i++) {
            tone[i] = (float) (0.3 * Math.sin(2 * Math.PI * 440 * i / rate));
        }
        float[] samples = ok(TestEncoder.encode("wav", "pcm_s16le", rate, tone)).samples();
        assertThat(samples.length).isCloseTo((int) Math.ceil(tone.length * 16_000.0 / rate), within(1));
        for (int i = 200; i < samples.length - 200; i++) {
            assertThat(samples[i]).isCloseTo((float) (0.3 * Math.sin(2 * Math.PI * 440 * i / 16_000)), within(2e-3f));
        }
        assertThat(Align.rms(Arrays.copyOfRange(samples, samples.length - 100, samples.length)))
                .as("the end is there")
                .isGreaterThan(0.15);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 6, 8})
    void averagesChannels(int channels) {
        float[][] same = new float[channels][];
        Arrays.fill(same, SPEECH);
        for (int rate : new int[] {16_000, 44_100}) {
            float[] samples =
                    ok(TestEncoder.encode("wav", "pcm_s16le", rate, same)).samples();
            assertThat(Align.rms(samples)).isCloseTo(Align.rms(SPEECH), within(0.02 * Align.rms(SPEECH)));
        }
        float[][] one = new float[channels][SPEECH.length];
        one[channels - 1] = SPEECH;
        assertThat(Align.rms(
                        ok(TestEncoder.encode("wav", "pcm_s16le", 16_000, one)).samples()))
                .isCloseTo(Align.rms(SPEECH) / channels, within(0.01 * Align.rms(SPEECH)));
    }

    @Test
    void leavesSixteenKilohertzMonoAlone() {
        short[] expected = FlacEncoder.quantize(SPEECH);
        for (String muxer : new String[] {"wav", "matroska"}) {
            float[] samples =
                    ok(TestEncoder.encode(muxer, "pcm_s16le", 16_000, SPEECH)).samples();
            assertThat(FlacEncoder.quantize(samples)).isEqualTo(expected);
        }
        assertThat(ok(TestEncoder.encode("wav", "pcm_f32le", 16_000, SPEECH)).samples())
                .isEqualTo(SPEECH);
    }

    @Test
    void readsRawFormatsOnlyWhenTold() {
        byte[] wav = TestEncoder.encode("wav", "pcm_mulaw", 8000, SPEECH);
        byte[] raw = Arrays.copyOfRange(wav, wav.length - SPEECH.length, wav.length);
        assertThat(reject(raw).code()).isEqualTo(RejectCode.NOT_AUDIO);
        DecodeOptions told =
                DecodeOptions.lenient().withRaw(RawFormat.ofName("a/b.UL").orElseThrow());
        Decoded.Ok decoded = (Decoded.Ok) AudioDecoder.decode(raw, told);
        assertThat(decoded.info().codec()).isEqualTo("pcm_mulaw");
        assertThat(decoded.samples().length).isCloseTo(2 * SPEECH.length, within(2));
        assertThat(((Decoded.Ok) AudioDecoder.decode(wav, told)).info().container())
                .isEqualTo("wav");
        assertThat(RawFormat.ofName("x.raw")).isEmpty();
    }

    @Test
    void refusesTooMuch() {
        byte[] flac = FlacEncoder.encode(Speech.noise(3, 0.1, 1));
        DecodeOptions second = new DecodeOptions(false, 1, null);
        assertThat(AudioDecoder.decode(flac, second))
                .isInstanceOfSatisfying(
                        Decoded.Reject.class,
                        reject -> assertThat(reject.code()).isEqualTo(RejectCode.TOO_LONG));
    }
}
