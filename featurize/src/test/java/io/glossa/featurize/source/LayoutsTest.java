package io.glossa.featurize.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.featurize.RejectCode;
import io.glossa.featurize.Speech;
import io.glossa.featurize.source.SourceFile.Span;
import io.glossa.text.TextEncoding;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each layout lists, and what is wrong with some. */
class LayoutsTest {
    private static final byte[] WORD = Speech.bytes("en_wideband.flac");
    private static final TextEncoding UTF_8 = TextEncoding.UNICODE;

    @TempDir
    Path folder;

    @Test
    void tarShards() throws Exception {
        TestTar.write(
                folder.resolve("deep/shard 0.tar"),
                "a/b.flac",
                WORD,
                "a/b.txt",
                "Call forwarding.",
                "a/b.json",
                "{\"speaker\": \"Ann\", \"lang\": \"en-GB\", \"license\": \"CC0-1.0\", \"domain\": \"prompts\"}",
                "größe #1?.wav",
                WORD,
                "x".repeat(150) + "/чай.flac",
                WORD,
                "x".repeat(150) + "/чай.json",
                "{\"text\": \"Чай\", \"split\": \"dev\"}",
                "alone.txt",
                "nobody",
                "bad.flac",
                WORD,
                "bad.json",
                "{\"text\": ",
                "two.flac",
                WORD,
                "two.wav",
                WORD,
                "picture.png",
                "no sound");
        Files.writeString(folder.resolve("readme.md"), "not a shard");
        Listing listing = Listing.of(new TarShards(folder.toString(), UTF_8));

        SourceFile said = listing.of("a/b");
        assertThat(said.uri()).endsWith("/deep/shard%200.tar#a/b.flac");
        assertThat(said.text()).isEqualTo("Call forwarding.");
        assertThat(said.labels())
                .isEqualTo(
                        new Labels("en", null, "Ann", "CC0-1.0", folder.toUri().toString(), "prompts"));
        assertThat(said.version().bytes()).isEqualTo(WORD.length);
        assertThat(Listing.bytes(said)).isEqualTo(WORD);
        assertThat(Listing.bytes(listing.of("größe #1?"))).isEqualTo(WORD);
        SourceFile named = listing.of("x".repeat(150) + "/чай");
        assertThat(Listing.bytes(named)).isEqualTo(WORD);
        assertThat(named.text()).isEqualTo("Чай");
        assertThat(named.labels().split()).isEqualTo("dev");
        refused(listing.of("alone"), RejectCode.BAD_ENTRY, "a sample without a recording");
        refused(listing.of("bad"), RejectCode.BAD_ENTRY, "no JSON: {\"text\": ");
        assertThat(listing.recordings().stream().filter(file -> file.key().equals("two") && file.fault() == null))
                .hasSize(1);
        assertThat(listing.recordings()).hasSize(7);
        assertThat(listing.passedOver()).containsOnlyKeys(".md", ".png");
    }

    @Test
    void aTarThatIsCutKeepsWhatComesBefore() throws Exception {
        Path whole = TestTar.write(folder.resolve("whole"), "a.flac", WORD, "b.flac", WORD, "c.flac", WORD);
        byte[] bytes = Files.readAllBytes(whole);
        int block = 512 + (WORD.length + 511) / 512 * 512;
        Files.write(folder.resolve("in-contents.tar"), Arrays.copyOf(bytes, block + 600));
        Files.write(folder.resolve("in-header.tar"), Arrays.copyOf(bytes, block + 100));
        bytes[block + 3] ^= 1;
        Files.write(folder.resolve("damaged.tar"), bytes);
        Listing listing = Listing.of(new TarShards(folder.toString(), UTF_8));

        assertThat(listing.recordings().stream().filter(file -> file.key().equals("a") && file.fault() == null))
                .hasSize(3);
        refused(listing.of("b"), RejectCode.TRUNCATED, "the shard ends within it");
        assertThat(listing.recordings().stream()
                        .filter(file -> file.key().isEmpty())
                        .map(file -> file.fault().detail()))
                .containsExactlyInAnyOrder(
                        "the shard ends within the header at byte " + block,
                        "the shard no tar header at byte " + block);
    }

    @Test
    void nemoManifests() throws Exception {
        Path audio = Files.createDirectories(folder.resolve("wavs, 100%"));
        Files.write(audio.resolve("12:30 #1?.flac"), WORD);
        Path manifest = folder.resolve("train manifest.json");
        Files.writeString(manifest, """
                {"audio_filepath": "wavs, 100%/12:30 #1?.flac", "duration": 1.5, "text": "Call forwarding", "speaker": 7, "lang": "en"}

                {"audio_filepath": "wavs, 100%/gone.flac", "text": "gone"}
                {"audio_filepath": "long.flac", "offset": 1.5, "duration": 2, "text": "part"}
                {"audio_filepath": "long.flac", "offset": 4, "duration": -2, "text": "part"}
                {"text": "no path"}
                {"audio_filepath":
                [1]
                """);
        Files.write(folder.resolve("long.flac"), WORD);
        Listing listing = Listing.of(new NemoManifest(manifest.toString(), UTF_8));

        SourceFile whole = listing.of("wavs, 100%/12:30 #1?");
        assertThat(Listing.bytes(whole)).isEqualTo(WORD);
        assertThat(whole.text()).isEqualTo("Call forwarding");
        assertThat(whole.labels().speaker()).isEqualTo("7");
        assertThat(listing.of("long").spans()).containsExactly(new Span(1.5, 3.5, "part", null, "und"));
        refused(listing.of("wavs, 100%/gone"), RejectCode.UNREADABLE, "gone.flac");
        assertThat(listing.recordings().stream()
                        .filter(file -> file.uri().contains(".json#byte-"))
                        .map(file -> file.fault().detail()))
                .hasSize(4)
                .anyMatch(detail -> detail.startsWith("a part from 4.0 to 2.0 s of long.flac"))
                .anyMatch(detail -> detail.equals("no audio_filepath in {\"text\":\"no path\"}"))
                .anyMatch(detail -> detail.startsWith("no JSON: {\"audio_filepath\":"))
                .anyMatch(detail -> detail.equals("no JSON object: [1]"));
        assertThat(listing.recordings()).hasSize(7);
    }

    @Test
    void lhotseManifests() throws Exception {
        Files.write(folder.resolve("a.flac"), WORD);
        gzip("recordings.jsonl.gz", """
                {"id": "a", "sources": [{"type": "file", "channels": [0], "source": "a.flac"}], "sampling_rate": 16000}
                {"id": "piped", "sources": [{"type": "command", "channels": [0], "source": "cat a.flac"}]}
                """);
        gzip("supervisions.jsonl.gz", """
                {"id": "a-1", "recording_id": "a", "start": 0.0, "duration": 0.7, "text": "Call", "speaker": "Ann", "language": "en"}
                {"id": "b-1", "recording_id": "b", "start": 0.0, "duration": 0.7, "text": "Nobody"}
                """);
        Files.writeString(folder.resolve("some_cuts.jsonl"), """
                {"id": "c", "start": 1.0, "duration": 3.0, "channel": 0, "type": "MonoCut", "supervisions": [{"start": 0.5, "duration": 1.0, "text": "In it"}], "recording": {"id": "c", "sources": [{"type": "file", "source": "a.flac"}]}}
                {"id": "d", "start": 1.0, "duration": 3.0, "channel": 0, "type": "MonoCut", "supervisions": [], "recording": {"id": "d", "sources": [{"type": "file", "source": "a.flac"}]}}
                {"id": "m", "type": "MixedCut", "tracks": []}
                """);
        Listing listing = Listing.of(new LhotseManifests(folder.toString(), UTF_8));

        List<SourceFile> a = listing.recordings().stream()
                .filter(file -> file.key().equals("a"))
                .toList();
        assertThat(a).extracting(SourceFile::uri).hasSize(2).allMatch(a.get(0).uri()::equals);
        assertThat(a.stream().flatMap(file -> file.spans().stream()))
                .containsExactly(new Span(0, 0.7, "Call", "Ann", "en"));
        assertThat(a.stream().filter(file -> file.fault() == null))
                .singleElement()
                .satisfies(file -> assertThat(Listing.bytes(file)).isEqualTo(WORD));
        refused(listing.of("b"), RejectCode.BAD_ENTRY, "a supervision of a recording that no manifest has");
        assertThat(listing.of("c").spans()).containsExactly(new Span(1.5, 2.5, "In it", null, null));
        assertThat(listing.of("d").spans()).containsExactly(new Span(1, 4, null, null, null));
        assertThat(listing.recordings().stream()
                        .map(file -> file.fault() == null ? "" : file.fault().detail()))
                .anyMatch(detail -> detail.startsWith("the recording piped has sources"))
                .anyMatch(detail -> detail.equals("the cut m of type MixedCut has no recording, expected a MonoCut"));
    }

    @Test
    void kaldiDataDirectories() throws Exception {
        Path data = Files.createDirectories(folder.resolve("data/train"));
        Files.write(folder.resolve("two words.flac"), WORD);
        Files.writeString(data.resolve("wav.scp"), "rec1 ../../two words.flac\nrec2 sph2pipe -f wav x.sph |\n");
        Files.writeString(data.resolve("segments"), "u1 rec1 0.0 0.7\nu3 rec1 0.7 -1\nu4 rec9 0 1\nu5 rec1\n");
        Files.writeString(
                data.resolve("text"), "u0 no segment\nu1 call\nu2 no segment\nu3 forwarding\nu9 no segment\n");
        Files.writeString(data.resolve("utt2spk"), "u1 Ann\nu3 Bea\n");
        Listing listing = Listing.of(new KaldiData(folder.resolve("data").toString(), UTF_8));

        List<SourceFile> first = listing.recordings().stream()
                .filter(file -> file.key().equals("train/rec1"))
                .toList();
        assertThat(first.stream().filter(file -> file.fault() == null))
                .singleElement()
                .satisfies(file -> assertThat(Listing.bytes(file)).isEqualTo(WORD));
        assertThat(first.stream().flatMap(file -> file.spans().stream()))
                .containsExactlyInAnyOrder(
                        new Span(0, 0.7, "call", "Ann", null),
                        new Span(0.7, Double.POSITIVE_INFINITY, "forwarding", "Bea", null));
        for (String lost : List.of("u0", "u2", "u9")) {
            refused(listing.of("train/" + lost), RejectCode.BAD_ENTRY, "a text of an utterance without a segment");
        }
        refused(
                listing.of("train/rec9"),
                RejectCode.BAD_ENTRY,
                "an utterance of a recording that wav.scp does not have");
        refused(listing.of("train/u5"), RejectCode.BAD_ENTRY, "a segment of 'rec1', expected recording, start and end");
        assertThat(listing.recordings())
                .anyMatch(file -> file.fault() != null && file.fault().detail().contains("sph2pipe"));

        Files.delete(data.resolve("segments"));
        Files.writeString(data.resolve("text"), "rec2 b\nrec1 a\n");
        assertThat(Listing.of(new KaldiData(data.toString(), UTF_8)).recordings())
                .anyMatch(file -> file.fault() != null && file.fault().detail().contains("is not sorted at 'rec1'"));
    }

    @Test
    void libriSpeech() throws Exception {
        Path chapter = Files.createDirectories(folder.resolve("LibriSpeech/dev-clean/84/121123"));
        Files.write(chapter.resolve("84-121123-0000.flac"), WORD);
        Files.writeString(
                chapter.resolve("84-121123.trans.txt"), "84-121123-0000 CALL FORWARDING\n84-121123-0001 GONE\n");
        Files.writeString(folder.resolve("LibriSpeech/README.TXT"), "of the corpus");
        Listing listing = Listing.of(new LibriSpeech(folder.toString(), UTF_8));

        SourceFile said = listing.of("84-121123-0000");
        assertThat(said.text()).isEqualTo("CALL FORWARDING");
        assertThat(said.labels())
                .isEqualTo(new Labels(
                        "en", "dev", "84", "CC-BY-4.0", folder.toUri().toString(), "audiobook"));
        assertThat(Listing.transcript(said)).isEqualTo(new Transcript("dev", "call forwarding", "CALL FORWARDING"));
        refused(listing.of("84-121123-0001"), RejectCode.BAD_ENTRY, "a text without a recording");
        assertThat(listing.passedOver()).containsOnlyKeys(".txt");
    }

    @Test
    void commonVoice() throws Exception {
        Path clips = Files.createDirectories(folder.resolve("cv-corpus/sv-SE/clips"));
        Files.write(clips.resolve("common_voice_sv-SE_1.mp3"), WORD);
        Files.writeString(
                clips.resolveSibling("train.tsv"),
                "client_id\tpath\tsentence\tup_votes\tlocale\nabc\tcommon_voice_sv-SE_1.mp3\tEtt \"ord\t2\tsv-SE\n"
                        + "abc\tcommon_voice_sv-SE_2.mp3\tBorta\t2\tsv-SE\nshort\n");
        Files.writeString(clips.resolveSibling("other.tsv"), "client_id\tpath\tsentence\n");
        Listing listing = Listing.of(new CommonVoice(folder.resolve("cv-corpus").toString(), UTF_8));

        SourceFile said = listing.of("common_voice_sv-SE_1");
        assertThat(Listing.bytes(said)).isEqualTo(WORD);
        assertThat(said.text()).isEqualTo("Ett \"ord");
        assertThat(said.labels().lang()).isEqualTo("sv");
        assertThat(said.labels().split()).isEqualTo("train");
        assertThat(said.labels().speaker()).isEqualTo("abc");
        refused(listing.of("common_voice_sv-SE_2"), RejectCode.UNREADABLE, "common_voice_sv-SE_2.mp3");
        assertThat(listing.recordings())
                .hasSize(3)
                .anyMatch(file -> file.fault() != null && file.fault().detail().startsWith("1 values of the columns"));
    }

    private static void refused(SourceFile file, RejectCode code, String why) {
        assertThat(file.fault()).as(file.uri()).isNotNull();
        assertThat(file.fault().code()).isEqualTo(code);
        assertThat(file.fault().detail()).contains(why);
    }

    private void gzip(String name, String text) throws IOException {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve(name)))) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
