package io.glossa.featurize.source;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.glossa.error.GlossaException;
import io.glossa.featurize.Refusal;
import io.glossa.featurize.RejectCode;
import io.glossa.text.TextEncoding;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AudioFolderTest {
    @TempDir
    Path folder;

    @Test
    void takesAudioFilesWithTheirTextsAndLanguages() throws Exception {
        write("it/saluti/ciao.wav", "");
        write("it/saluti/ciao.txt", " Ciao, Mondo! \n");
        write("pt-BR/oi.FLAC", "");
        write("holiday/beach.mp3", "");
        write("top.opus", "");
        write("notes.txt", "not a recording");
        write("it/readme.md", "not a recording");

        List<SourceFile> files = list(folder).recordings();

        assertThat(list(folder).keys()).containsExactly("holiday/beach", "it/saluti/ciao", "pt-BR/oi", "top");
        assertThat(files.stream().map(file -> file.labels().lang())).containsExactly("und", "it", "pt", "und");
        assertThat(files.get(0).uri()).startsWith("file:").endsWith("/holiday/beach.mp3");
        Split split = Split.of("it", "it/saluti/ciao");
        Transcript transcript = Listing.transcript(files.get(1));
        assertThat(transcript.split()).isEqualTo(split.column());
        assertThat(transcript.text()).isEqualTo(split == Split.UNLABELLED ? null : "ciao mondo");
        assertThat(transcript.raw()).isEqualTo(split == Split.UNLABELLED ? null : "Ciao, Mondo!");
    }

    @Test
    void followsLinksAndListsWhatCannotBeRead() throws IOException {
        write("elsewhere/far.wav", "");
        write("here/wav", "no extension");
        Files.createSymbolicLink(folder.resolve("here/linked"), folder.resolve("elsewhere"));
        Files.createSymbolicLink(folder.resolve("here/gone.wav"), folder.resolve("nowhere"));

        assertThat(list(folder.resolve("here")).keys()).containsExactly("gone", "linked/far");
    }

    @Test
    void whatIsNoRecordingIsCounted() throws IOException {
        for (String path : List.of(
                "a.wav",
                "b.sph",
                "c.wave",
                "d.g722",
                "e.sln",
                "f.ts",
                "g.AVI",
                "h.wmv",
                "i.mpg",
                "one.pdf",
                "two.PDF",
                "README",
                "alone.txt",
                "._a.wav",
                ".DS_Store",
                ".git/x.wav")) {
            write(path, "");
        }
        Files.createDirectories(folder.resolve("below"));
        Files.createSymbolicLink(folder.resolve("below/loop"), folder);

        Listing listing = list(folder);

        assertThat(listing.recordings()).hasSize(9).allMatch(file -> file.fault() == null);
        assertThat(listing.passedOver())
                .isEqualTo(Map.of(
                        ".pdf", 2L,
                        "without ending", 1L,
                        ".txt without a recording", 1L,
                        "hidden", 3L,
                        "link to a folder above it", 1L));
    }

    @Test
    void aTextMayEndInCapitals() throws Exception {
        for (String[] pair : new String[][] {{"A.WAV", "A.TXT"}, {"b.wav", "b.Txt"}, {"c.Flac", "c.txt"}}) {
            write(pair[0], "");
            write(pair[1], "said");
        }
        write("c.TXT", "the one in small letters counts");
        for (SourceFile file : list(folder).recordings()) {
            assertText(file, "said");
        }
    }

    @Test
    void whatCannotBeReadIsAFault() throws Exception {
        write("a.wav", "");
        Process fifo = new ProcessBuilder("mkfifo", folder.resolve("pipe.wav").toString()).start();
        assertThat(fifo.waitFor()).isZero();
        Path odd = Path.of(new URI(folder.toUri() + "odd%FF.wav"));
        Files.createFile(odd);
        write("closed/b.wav", "");
        Files.setPosixFilePermissions(folder.resolve("closed"), Set.of());

        Map<String, SourceFile> files = files(TextEncoding.UNICODE);

        Files.setPosixFilePermissions(folder.resolve("closed"), PosixFilePermissions.fromString("rwx------"));
        assertThat(files.get("a").fault()).isNull();
        assertThat(files.get("pipe").fault().code()).isEqualTo(RejectCode.UNREADABLE);
        assertThat(files.get("pipe").fault().detail()).contains("a pipe");
        SourceFile named = files.values().stream()
                .filter(file -> file.uri().contains("odd%FF"))
                .findFirst()
                .orElseThrow();
        assertThat(named.fault().code()).isEqualTo(RejectCode.NAME_ENCODING);
        // The superuser may list a closed folder all the same.
        SourceFile closed = files.getOrDefault("closed", files.get("closed/b"));
        assertThat(closed.fault() == null || closed.fault().code() == RejectCode.UNREADABLE)
                .isTrue();
    }

    @Test
    void onlyRecordingsWithATextAreTrainedOrTestedOn() throws Exception {
        for (int i = 0; i < 40; i++) {
            write("en/" + i + ".wav", "");
            if (i % 2 == 0) {
                write("en/" + i + ".txt", i == 20 ? " ... " : "text number " + i);
            }
        }

        for (SourceFile file : list(folder).recordings()) {
            int i = Integer.parseInt(file.key().substring(3));
            boolean hasText = i % 2 == 0 && i != 20;
            Split rule = hasText ? Split.of("en", file.key()) : Split.UNLABELLED;
            Transcript transcript = Listing.transcript(file);
            assertThat(transcript.split()).as(file.key()).isEqualTo(rule.column());
            assertThat(transcript.text() != null).isEqualTo(rule != Split.UNLABELLED);
        }
    }

    @Test
    void textsAreUnicodeOrTheRecordingIsRefused() throws Exception {
        String text = "größer";
        write("bom.txt", text.getBytes(UTF_8), "EFBBBF");
        write("plain.txt", text.getBytes(UTF_8), "");
        write("utf16be.txt", text.getBytes(UTF_16BE), "FEFF");
        write("utf16le.txt", text.getBytes(UTF_16LE), "FFFE");
        write("latin1.txt", text.getBytes(ISO_8859_1), "");
        write("unmarked.txt", text.getBytes(UTF_16LE), "");
        write("utf32.txt", text.getBytes("UTF-32LE"), "FFFE0000");

        Map<String, SourceFile> files = files(TextEncoding.UNICODE);
        for (String key : List.of("bom", "plain", "utf16be", "utf16le")) {
            assertText(files.get(key), text);
        }
        assertFault(files.get("latin1"), RejectCode.TEXT_ENCODING, "latin1.txt", "byte 0xF6 at offset 2");
        assertFault(files.get("unmarked"), RejectCode.TEXT_ENCODING, "unmarked.txt", "byte 0x00 at offset 1");
        assertFault(files.get("utf32"), RejectCode.TEXT_ENCODING, "utf32.txt", "byte 0xFF at offset 0");
    }

    @Test
    void aNamedEncodingIsTakenWhereNoMarkSaysOtherwise() throws Exception {
        write("latin1.txt", "größer".getBytes(ISO_8859_1), "");
        write("bom.txt", "größer".getBytes(UTF_8), "EFBBBF");
        write("ascii.txt", "greater".getBytes(US_ASCII), "");
        write("bad.txt", "abc".getBytes(US_ASCII), "81");

        Map<String, SourceFile> files = files(TextEncoding.named("windows-1252"));
        assertText(files.get("latin1"), "größer");
        assertText(files.get("bom"), "größer");
        assertText(files.get("ascii"), "greater");
        assertFault(files.get("bad"), RejectCode.TEXT_ENCODING, "bad.txt", "byte 0x81 at offset 0 is not windows-1252");
    }

    @Test
    void aTextThatCannotBeReadIsAFault() throws Exception {
        for (String key : List.of("folder", "dangling", "loop", "huge", "forbidden")) {
            write(key + ".wav", "");
        }
        Files.createDirectories(folder.resolve("folder.txt"));
        Files.createSymbolicLink(folder.resolve("dangling.txt"), folder.resolve("nowhere.txt"));
        Files.createSymbolicLink(folder.resolve("loop.txt"), folder.resolve("loop.txt"));
        try (RandomAccessFile huge =
                new RandomAccessFile(folder.resolve("huge.txt").toFile(), "rw")) {
            huge.setLength(3_000_000_000L);
        }
        write("forbidden.txt", "secret");
        Files.setPosixFilePermissions(folder.resolve("forbidden.txt"), Set.of());
        boolean forbidden =
                !Files.isReadable(folder.resolve("forbidden.txt")); // the superuser may read it all the same

        Map<String, SourceFile> files = files(TextEncoding.UNICODE);
        assertFault(files.get("folder"), RejectCode.TEXT_UNREADABLE, "folder.txt", "not a file");
        assertFault(files.get("dangling"), RejectCode.TEXT_UNREADABLE, "dangling.txt", "FileNotFound");
        assertFault(files.get("loop"), RejectCode.TEXT_UNREADABLE, "loop.txt", "FileNotFound");
        assertFault(files.get("huge"), RejectCode.TEXT_UNREADABLE, "huge.txt", "3000000000 bytes");
        if (forbidden) {
            assertFault(files.get("forbidden"), RejectCode.TEXT_UNREADABLE, "forbidden.txt", "Permission denied");
        } else {
            assertText(files.get("forbidden"), "secret");
        }
    }

    private Map<String, SourceFile> files(TextEncoding encoding) {
        return Listing.of(new AudioFolder(folder.toString(), encoding)).recordings().stream()
                .collect(Collectors.toMap(SourceFile::key, Function.identity()));
    }

    private static void assertText(SourceFile file, String text) throws Refusal {
        boolean withheld = Split.of("und", file.key()) == Split.UNLABELLED;
        assertThat(file.fault()).as(file.key()).isNull();
        assertThat(Listing.transcript(file).text()).as(file.key()).isEqualTo(withheld ? null : text);
    }

    private void assertFault(SourceFile file, RejectCode code, String text, String why) {
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> Listing.transcript(file));
        assertThat(refusal.code()).isEqualTo(code);
        assertThat(refusal.getMessage()).contains(folder.resolve(text) + ": ").contains(why);
    }

    /** A recording and its text, from a mark in hexadecimal and bytes. */
    private void write(String text, byte[] bytes, String mark) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(HexFormat.of().parseHex(mark));
        out.writeBytes(bytes);
        Files.write(folder.resolve(text), out.toByteArray());
        write(text.replace(".txt", ".wav"), "");
    }

    @Test
    void aPlaceWithoutAnythingIsTheUsersError() {
        assertThat(list(folder).recordings()).isEmpty();
        String absent = folder.resolve("absent").toString();
        assertThatThrownBy(() -> Sources.open(absent, TextEncoding.UNICODE, new Configuration()))
                .isInstanceOf(GlossaException.class)
                .hasMessageContaining(absent + ": nothing is there, expected a folder");
        assertThatThrownBy(() -> Sources.open("fodler:" + folder, TextEncoding.UNICODE, new Configuration()))
                .hasMessageContaining("No FileSystem for scheme")
                .hasMessageContaining("did you mean 'folder'");
    }

    @Test
    void aLargeFolderIsShared() throws IOException {
        for (int i = 0; i < 3000; i++) {
            Files.createFile(folder.resolve(i + ".wav"));
        }
        for (int i = 0; i < 10; i++) {
            write("below-" + i + "/x.wav", "");
        }
        Source source = new AudioFolder(folder.toString(), TextEncoding.UNICODE);
        List<Listed> first = new ArrayList<>();
        new Walk(source, source.root(), new SourceBytes(new Configuration())).forEachRemaining(first::add);

        assertThat(first.stream().filter(listed -> listed.recording() != null)).hasSize(3000);
        assertThat(first.stream().filter(listed -> listed.place() != null)).hasSize(10);
        assertThat(list(folder).recordings()).hasSize(3010);
    }

    private static Listing list(Path folder) {
        return Listing.of(new AudioFolder(folder.toString(), TextEncoding.UNICODE));
    }

    private void write(String path, String text) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
