package io.glossa.jobs.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.featurize.source.FileList;
import io.glossa.featurize.source.SourceFile;
import io.glossa.featurize.source.Split;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two small packages made like Debian's, already downloaded, unpacked by the real dpkg-deb. */
class DebianPromptsTest {
    private static final String NAME = "asterisk-core-sounds-";
    private static final String TERMS =
            "Format: x\n\nFiles: *\nCopyright: 2003 Ann Speaker\nComment:\n Recorded by:\n Ann Speaker (x)\nLicense: CC0-1.0\n";

    @TempDir
    Path folder;

    @Test
    void listsWhatTheRuleTakesAndCountsTheRest() throws Exception {
        Path downloads = Files.createDirectories(folder.resolve("audio"));
        for (String lang : List.of("en", "es")) {
            pack(downloads, NAME + lang, documents(lang));
            pack(downloads, NAME + lang + "-wav", sounds(lang));
        }

        Corpus corpus = DebianPrompts.fetch(downloads, List.of("en", "es"));
        Corpus again = DebianPrompts.fetch(downloads, List.of("en", "es"));

        assertThat(again).isEqualTo(corpus);
        Map<String, SourceFile> byName = ((FileList) corpus.source())
                .files().stream()
                        .collect(Collectors.toMap(file -> file.labels().lang() + "/" + file.key(), file -> file));
        assertThat(byName).containsOnlyKeys("en/digits/1", "en/hello", "es/digits/1", "es/hello");
        SourceFile hello = byName.get("en/hello"); // md5 mod 100 is 41
        assertThat(hello.labels().split())
                .isEqualTo(Split.of("en", "hello").column())
                .isEqualTo("train");
        assertThat(hello.text()).isEqualTo("Hello, there.");
        assertThat(hello.labels().speaker()).isEqualTo("Ann");
        assertThat(hello.labels().licence()).isEqualTo("CC0-1.0");
        assertThat(hello.labels().source()).isEqualTo(NAME + "en-wav 1.0-1");
        assertThat(Path.of(URI.create(hello.uri()))).isRegularFile();
        assertThat(corpus.voices())
                .containsExactly(new Voice(
                        "Ann",
                        "Ann Speaker",
                        "CC0-1.0",
                        List.of("en", "es"),
                        List.of(NAME + "en-wav 1.0-1", NAME + "es-wav 1.0-1")));
        assertThat(corpus.leftOut())
                .containsOnly(
                        Map.entry("transcript is empty or describes a sound", 2L),
                        Map.entry("transcript without a recording", 2L),
                        Map.entry("second transcript of one recording", 2L),
                        Map.entry("shorter than 0.3 s", 2L),
                        Map.entry("longer than 20 s", 2L));
    }

    private Path documents(String lang) throws IOException {
        Path root = folder.resolve("tree-" + lang);
        Path documents = Files.createDirectories(root.resolve("usr/share/doc/" + NAME + lang));
        Files.writeString(documents.resolve("copyright"), TERMS);
        String prompts = "; comment\nhello: Hello, there.\ndigits/1: one\nhello: twice\nbeep: [beep]\nlost: no file\n"
                + "short: a\nlong: a long one\n";
        try (OutputStream out =
                new GZIPOutputStream(Files.newOutputStream(documents.resolve("core-sounds-" + lang + ".txt.gz")))) {
            out.write(prompts.getBytes(StandardCharsets.UTF_8));
        }
        return root;
    }

    private Path sounds(String lang) throws IOException {
        Path root = folder.resolve("tree-" + lang + "-wav");
        Path sounds = root.resolve("usr/share/asterisk/sounds/" + lang + "_XX_f_Ann");
        Files.createDirectories(sounds.resolve("digits"));
        wav(sounds.resolve("hello.wav"), 1.5);
        wav(sounds.resolve("digits/1.wav"), 0.5);
        wav(sounds.resolve("beep.wav"), 1);
        wav(sounds.resolve("short.wav"), 0.29);
        wav(sounds.resolve("long.wav"), 20.5);
        return root;
    }

    private static void wav(Path file, double seconds) throws IOException {
        int samples = (int) Math.round(seconds * 8000);
        AudioFormat format = new AudioFormat(8000, 16, 1, true, false);
        AudioInputStream silence =
                new AudioInputStream(new ByteArrayInputStream(new byte[2 * samples]), format, samples);
        AudioSystem.write(silence, AudioFileFormat.Type.WAVE, file.toFile());
    }

    private void pack(Path downloads, String name, Path root) throws Exception {
        Path control = Files.createDirectories(root.resolve("DEBIAN")).resolve("control");
        Files.writeString(
                control,
                "Package: " + name
                        + "\nVersion: 1.0-1\nArchitecture: all\nMaintainer: t <t@example.org>\nDescription: t\n");
        Path archive = downloads.resolve(name + "_1.0-1_all.deb");
        Process process = new ProcessBuilder("dpkg-deb", "--build", root.toString(), archive.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
