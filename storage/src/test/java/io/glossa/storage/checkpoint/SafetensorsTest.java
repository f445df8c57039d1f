package io.glossa.storage.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
    @TempDir
    Path folder;

    @Test
    void everyTypeComesBack() throws IOException {
        long seed = 20;
        Random random = new Random(seed);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (String dtype : new String[] {"F32", "F16", "BF16", "I64", "I32", "U8"}) {
            byte[] bytes = new byte[(int) Tensor.bytes(dtype, new long[] {3, 5})];
            random.nextBytes(bytes);
            tensors.put("layer.0." + dtype, new Tensor(dtype, new long[] {3, 5}, ByteBuffer.wrap(bytes)));
        }
        tensors.put("scalar", Tensor.of(new float[] {1.5f}));
        tensors.put("halves", Tensor.bf16(new float[] {-1.5f, 0, 3}, 3));
        tensors.put("empty", Tensor.of(new float[0], 0, 7));
        tensors.put("naïve \"name\"", Tensor.of(new float[] {1, 2}, 2));
        Path file = folder.resolve("t.safetensors");
        SafetensorsWriter.write(
                Folder.of(folder),
                file.getFileName().toString(),
                tensors,
                Map.of("format", "pt", "note", "line\nbreak"));

        SafetensorsReader reader =
                SafetensorsReader.open(Folder.of(folder), file.getFileName().toString());
        assertThat(reader.metadata()).isEqualTo(Map.of("format", "pt", "note", "line\nbreak"));
        assertThat(reader.tensors()).as("seed %d", seed).containsOnlyKeys(tensors.keySet());
        assertThat(List.copyOf(reader.tensors().keySet())).isSorted();
        tensors.forEach((name, tensor) -> assertThat(reader.tensors().get(name))
                .returns(tensor.dtype(), Tensor::dtype)
                .returns(tensor.data(), Tensor::data)
                .satisfies(read -> assertThat(read.shape()).isEqualTo(tensor.shape())));
        assertThat(reader.tensors().get("scalar").floats()).containsExactly(1.5f);
        assertThat(reader.tensors().get("halves").floats()).containsExactly(-1.5f, 0, 3);
    }

    @Test
    void theBytesAreThoseOfTheFormat() throws IOException {
        Path file = folder.resolve("t.safetensors");
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("flags", new Tensor("U8", new long[] {3}, ByteBuffer.wrap(new byte[] {7, 8, 9})));
        tensors.put("weight", Tensor.of(new float[] {1, -2, 3, 4}, 2, 2));
        tensors.put("bias", Tensor.of(new float[] {0.5f}, 1));
        SafetensorsWriter.write(Folder.of(folder), file.getFileName().toString(), tensors, Map.of("format", "pt"));

        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int header = Math.toIntExact(bytes.getLong(0));
        assertThat(header % 8).isZero();
        String json = new String(bytes.array(), 8, header, StandardCharsets.UTF_8);
        assertThat(json.stripTrailing())
                .isEqualTo("{\"__metadata__\":{\"format\":\"pt\"},"
                        + "\"bias\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                        + "\"weight\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[4,20]},"
                        + "\"flags\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[20,23]}}");
        int data = 8 + header;
        assertThat(bytes.limit()).isEqualTo(data + 23);
        assertThat(bytes.getFloat(data)).isEqualTo(0.5f);
        assertThat(new float[] {bytes.getFloat(data + 4), bytes.getFloat(data + 8), bytes.getFloat(data + 16)})
                .containsExactly(1, -2, 4);
        assertThat(Arrays.copyOfRange(bytes.array(), data + 20, data + 23)).containsExactly(7, 8, 9);
    }

    @Test
    void noTensorsIsAFileToo() throws IOException {
        Path file = folder.resolve("t.safetensors");
        SafetensorsWriter.write(Folder.of(folder), file.getFileName().toString(), Map.of(), Map.of());
        assertThat(SafetensorsReader.open(Folder.of(folder), file.getFileName().toString())
                        .tensors())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0,8 for the header's length", "7,8 for the header's length", "8,a header of", "40,a header of"})
    void aFileCutInItsHeaderIsRefused(int length, String expected) throws IOException {
        assertRefused(Arrays.copyOf(valid(), length), "it is truncated: ", expected);
    }

    @Test
    void aFileCutInItsDataIsRefused() throws IOException {
        byte[] valid = valid();
        assertRefused(Arrays.copyOf(valid, valid.length - 1), "it is truncated: 15 bytes follow the header", "16");
        assertRefused(Arrays.copyOf(valid, valid.length + 1), "17 bytes follow the header", "16 by its tensors");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[1]|does not begin with '{'",
                "{\"a\":|not JSON",
                "{} {}|not JSON",
                "{\"a\":{},\"a\":{}}|not JSON",
                "{\"a\":3}|tensor 'a' is 3",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0]}}|tensor 'a' is",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2.5],\"data_offsets\":[0,8]}}|tensor 'a' is",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}|tensor 'a' is",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}|tensor 'a' has -8 bytes",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}|tensor 'a' has 4 bytes",
                "{\"a\":{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[0,16]}}|of dtype F64",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}}|overflows",
                "{\"__metadata__\":{\"n\":3}}|__metadata__ holds 3",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                        + "\"b\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[4,16]}}|tensor 'b' begins at 4 and overlaps",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                        + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,16]}}|tensor 'b' begins at 8 and leaves a gap"
            })
    void aBadHeaderIsRefused(String json, String found) throws IOException {
        assertRefused(file(json, 16), found, "expected");
    }

    @Test
    void aHeaderOfAbsurdLengthIsRefused() throws IOException {
        byte[] valid = valid();
        ByteBuffer.wrap(valid).order(ByteOrder.LITTLE_ENDIAN).putLong(0, -1L);
        assertRefused(valid, "its header has 18446744073709551615 bytes", "at most 100000000");
    }

    @Test
    void aMissingFileIsTheUsersError() {
        assertThatThrownBy(() -> SafetensorsReader.open(Folder.of(folder), "none"))
                .isInstanceOf(GlossaException.class)
                .asInstanceOf(type(GlossaException.class))
                .returns(ErrorType.USER, GlossaException::type);
    }

    @Test
    void aTensorWithTooFewBytesIsRefused() {
        assertThatThrownBy(() -> Tensor.of(new float[3], 2, 2))
                .isInstanceOf(GlossaException.class)
                .hasMessage("Cannot make a tensor F32[2, 2]: found 12 bytes, expected 16");
    }

    private byte[] valid() throws IOException {
        Path file = folder.resolve("valid.safetensors");
        SafetensorsWriter.write(
                Folder.of(folder), file.getFileName().toString(), Map.of("w", Tensor.of(new float[4], 2, 2)), Map.of());
        return Files.readAllBytes(file);
    }

    /** A file with this header and so many zero bytes of data, laid down by hand. */
    private static byte[] file(String json, int dataBytes) {
        byte[] header = json.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + header.length + dataBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .array();
    }

    private void assertRefused(byte[] bytes, String found, String expected) throws IOException {
        Path file = folder.resolve("bad.safetensors");
        Files.write(file, bytes);
        assertThatThrownBy(() -> SafetensorsReader.open(
                        Folder.of(folder), file.getFileName().toString()))
                .isInstanceOf(GlossaException.class)
                .hasMessageStartingWith("Cannot read " + file + ": ")
                .hasMessageContaining(found)
                .hasMessageContaining(expected)
                .asInstanceOf(type(GlossaException.class))
                .returns(ErrorType.DATA, GlossaException::type);
    }
}
