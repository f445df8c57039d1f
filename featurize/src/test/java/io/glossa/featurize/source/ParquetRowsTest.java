package io.glossa.featurize.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.featurize.Refusal;
import io.glossa.featurize.RejectCode;
import io.glossa.featurize.Speech;
import io.glossa.text.TextEncoding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ParquetRowsTest {
    private static final byte[] WORD = Speech.bytes("en_wideband.flac");
    private static final String COLUMNS = """
            optional group audio { optional binary bytes; optional binary path (STRING); }
            optional binary sentence (STRING); optional int64 speaker_id; optional binary locale (STRING);
            optional binary embedding; optional group accents (LIST) { repeated group list { optional float element; } }
            """;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(
            value = CompressionCodecName.class,
            names = {"UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD"})
    void rowsOfHuggingFaceDataSets(CompressionCodecName codec) throws Exception {
        try (TestParquet table =
                new TestParquet(folder.resolve("it/validation-00000-of-00001.parquet"), COLUMNS, codec)) {
            for (int i = 0; i < 300; i++) {
                byte[] bytes = Arrays.copyOf(WORD, WORD.length - i);
                int number = i;
                table.row(row -> {
                    row.addGroup("audio")
                            .append("bytes", TestParquet.binary(bytes))
                            .append("path", "clips/größe " + number + ".flac");
                    row.append("sentence", "Frase " + number)
                            .append("speaker_id", 7L)
                            .append("locale", "it");
                });
            }
        }
        Files.writeString(folder.resolve("README.md"), "a card");

        Listing listing = Listing.of(new ParquetRows(folder.toString(), TextEncoding.UNICODE));

        assertThat(listing.recordings())
                .hasSize(300)
                .allSatisfy(file -> assertThat(file.fault()).isNull());
        assertThat(listing.passedOver()).containsOnlyKeys(".md");
        SourceFile first = listing.recordings().get(0);
        assertThat(first.uri()).endsWith("/it/validation-00000-of-00001.parquet#row-0000000000-größe 0.flac");
        assertThat(first.text()).isEqualTo("Frase 0");
        assertThat(first.labels())
                .isEqualTo(new Labels(
                        "it", "dev", "7", Labels.NO_LICENCE, folder.toUri().toString(), null));
        assertThat(TestParquet.groups(folder.resolve("it/validation-00000-of-00001.parquet")))
                .isGreaterThan(2);
        for (int i : new int[] {0, 1, 150, 299, 17, 17, 298}) {
            assertThat(Listing.bytes(listing.recordings().get(i)))
                    .hasSize(WORD.length - i)
                    .startsWith(Arrays.copyOf(WORD, 100));
        }
    }

    @Test
    void audioMayBeBytesAloneAndNothingBeside() throws Exception {
        try (TestParquet table =
                new TestParquet(folder.resolve("x.parquet"), "required binary audio;", CompressionCodecName.SNAPPY)) {
            table.row(row -> row.append("audio", TestParquet.binary(WORD)));
        }
        SourceFile only = Listing.of(new ParquetRows(folder.resolve("x.parquet").toString(), TextEncoding.UNICODE))
                .recordings()
                .get(0);
        assertThat(only.text()).isNull();
        assertThat(only.labels().split()).isNull();
        assertThat(Listing.bytes(only)).isEqualTo(WORD);
    }

    @Test
    void whatCannotBeReadIsRefused() throws Exception {
        try (TestParquet table = new TestParquet(folder.resolve("a.parquet"), COLUMNS, CompressionCodecName.SNAPPY)) {
            table.row(row -> row.append("sentence", "no audio at all"));
            table.row(row -> row.addGroup("audio").append("path", "only/elsewhere.wav"));
        }
        try (TestParquet table = new TestParquet(
                folder.resolve("b.parquet"),
                "required binary audio (STRING); required int32 n;",
                CompressionCodecName.SNAPPY)) {
            table.row(row -> row.append("audio", "clip.wav").append("n", 1));
        }
        try (TestParquet table =
                new TestParquet(folder.resolve("c.parquet"), "required binary sound;", CompressionCodecName.SNAPPY)) {
            table.row(row -> row.append("sound", TestParquet.binary(WORD)));
        }
        byte[] whole = Files.readAllBytes(folder.resolve("a.parquet"));
        Files.write(folder.resolve("d.parquet"), Arrays.copyOf(whole, whole.length / 2));
        Files.write(folder.resolve("e.parquet"), new byte[0]);

        List<SourceFile> listed = Listing.of(new ParquetRows(folder.toString(), TextEncoding.UNICODE))
                .recordings();

        assertThat(listed).hasSize(6);
        for (SourceFile row : listed.subList(0, 2)) {
            assertThatThrownBy(() -> Listing.bytes(row))
                    .isInstanceOf(Refusal.class)
                    .hasMessage("a row without audio bytes");
        }
        refused(listed.get(2), RejectCode.BAD_ENTRY, "columns [audio, n], expected audio with bytes among them");
        refused(listed.get(3), RejectCode.BAD_ENTRY, "columns [sound], expected audio with bytes among them");
        refused(listed.get(4), RejectCode.CORRUPT, "d.parquet is not a Parquet file");
        refused(listed.get(5), RejectCode.CORRUPT, "is not a Parquet file");
    }

    @Test
    void aDamagedRowGroupCostsItsRowsAlone() throws Exception {
        Path file = folder.resolve("x.parquet");
        try (TestParquet table = new TestParquet(file, "required binary audio;", CompressionCodecName.GZIP)) {
            for (int i = 0; i < 300; i++) {
                table.row(row -> row.append("audio", TestParquet.binary(WORD)));
            }
        }
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, 100, 1000, (byte) 0);
        Files.write(file, bytes);

        Listing listing = Listing.of(new ParquetRows(folder.toString(), TextEncoding.UNICODE));

        assertThatThrownBy(() -> Listing.bytes(listing.recordings().get(0)))
                .isInstanceOfSatisfying(
                        Refusal.class, why -> assertThat(why.code()).isEqualTo(RejectCode.CORRUPT));
        assertThat(Listing.bytes(listing.recordings().get(299))).isEqualTo(WORD);
    }

    private static void refused(SourceFile file, RejectCode code, String detail) throws IOException {
        assertThat(file.fault().code()).isEqualTo(code);
        assertThat(file.fault().detail()).contains(detail);
    }
}
