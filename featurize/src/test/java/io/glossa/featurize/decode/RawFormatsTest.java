package io.glossa.featurize.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.glossa.featurize.RejectCode;
import io.glossa.featurize.helper.Decoding;
import io.glossa.featurize.helper.SameDecoded;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every case of a folder of files in many formats, named by the environment variable GLOSSA_RAW_FORMATS, decoded in this process and
 * in a helper.
 *
 * <p>Its {@code expected.jsonl} has one object a line: {@code file}, {@code expect} (the outcomes allowed, such as {@code
 * partial_or_error}), {@code sample_rate}, {@code channels}, {@code frames}, {@code raw_input_params}, and where they apply
 * {@code pcm_s16le_md5} and {@code vs_reference_16k}.
 */
class RawFormatsTest {
    private static final String REFERENCE = "reference_61-70968-0000_16k.wav";

    @TestFactory
    Stream<DynamicTest> everyCase() throws IOException {
        String name = System.getenv("GLOSSA_RAW_FORMATS");
        Assumptions.assumeTrue(name != null, "GLOSSA_RAW_FORMATS is not set");
        Path folder = Path.of(name);
        float[] reference = ((Decoded.Ok) decode(folder.resolve(REFERENCE), DecodeOptions.lenient())).samples();
        ObjectMapper json = new ObjectMapper();
        List<JsonNode> cases = Files.readAllLines(folder.resolve("expected.jsonl")).stream()
                .map(line -> read(json, line))
                .toList();
        return cases.stream()
                .map(expected -> DynamicTest.dynamicTest(
                        expected.get("file").asText(), () -> check(folder, expected, reference)));
    }

    private static void check(Path folder, JsonNode expected, float[] reference) throws Exception {
        Decoded decoded = decode(folder.resolve(expected.get("file").asText()), options(expected));
        if (decoded instanceof Decoded.Reject reject && reject.code() == RejectCode.UNSUPPORTED_CODEC) {
            assertThat(reject.detail()).contains("this FFmpeg build has no");
            return;
        }
        assertThat(outcome(decoded))
                .as(decoded.toString())
                .isIn(Arrays.asList(expected.get("expect")
                        .asText()
                        .replace("ok_empty", "empty")
                        .split("_or_")));
        if (!(decoded instanceof Decoded.Ok ok) || !outcome(decoded).equals("ok")) {
            return;
        }
        int rate = expected.get("sample_rate").asInt();
        assertThat(ok.info().sampleRate()).isEqualTo(rate);
        assertThat(ok.info().channels()).isEqualTo(expected.get("channels").asInt());
        assertThat(ok.info().codec()).isEqualTo(expected.get("codec").asText());
        assertThat(ok.info().container()).isEqualTo(expected.get("container").asText());
        double samples = expected.get("frames").asDouble() * AudioDecoder.SAMPLE_RATE / rate;
        assertThat((double) ok.samples().length).isCloseTo(samples, within(1.0));
        if (expected.get("lossless").asBoolean()
                && expected.has("pcm_s16le_md5")
                && rate == 16_000
                && ok.info().channels() == 1) {
            assertThat(md5(ok.samples()))
                    .isEqualTo(expected.get("pcm_s16le_md5").asText());
        }
        JsonNode likeness = expected.get("vs_reference_16k");
        if (likeness != null) {
            double correlation = Align.correlationAt(
                    reference, ok.samples(), likeness.get("lag").asInt());
            assertThat(correlation).isGreaterThan(likeness.get("corr").asDouble() - 0.01);
        }
    }

    private static String outcome(Decoded decoded) {
        if (decoded instanceof Decoded.Ok ok) {
            return ok.partial() ? "partial" : "ok";
        }
        return ((Decoded.Reject) decoded).code() == RejectCode.NO_SAMPLES ? "empty" : "error";
    }

    private static DecodeOptions options(JsonNode expected) {
        if (expected.get("raw_input_params").isNull()) {
            return DecodeOptions.lenient();
        }
        String[] parts = expected.get("raw_input_params").asText().split(",");
        int rate = parts.length > 1
                ? Integer.parseInt(parts[1])
                : expected.get("sample_rate").asInt();
        int channels = parts.length > 2 ? Integer.parseInt(parts[2]) : 1;
        return DecodeOptions.lenient().withRaw(new RawFormat(parts[0], rate, channels));
    }

    private static Decoded decode(Path file, DecodeOptions options) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Decoded decoded = AudioDecoder.decode(bytes, options);
        SameDecoded.check(Decoding.HELPERS.decode(bytes, options), decoded);
        return decoded;
    }

    private static String md5(float[] samples) throws Exception {
        short[] quantized = FlacEncoder.quantize(samples);
        ByteBuffer bytes = ByteBuffer.allocate(2 * quantized.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asShortBuffer().put(quantized);
        return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes.array()));
    }

    private static JsonNode read(ObjectMapper json, String line) {
        try {
            return json.readTree(line);
        } catch (IOException e) {
            throw new IllegalArgumentException(line, e);
        }
    }
}
