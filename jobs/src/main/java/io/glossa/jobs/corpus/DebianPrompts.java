package io.glossa.jobs.corpus;

import io.glossa.error.GlossaException;
import io.glossa.featurize.source.FileList;
import io.glossa.featurize.source.Labels;
import io.glossa.featurize.source.SourceFile;
import io.glossa.featurize.source.Split;
import io.glossa.jobs.corpus.PromptList.Prompt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;

/**
 * The demo's recordings: the voice prompts of the telephone exchange Asterisk in Debian's packages
 * {@code asterisk-core-sounds-LANG-wav}, with the transcripts in {@code asterisk-core-sounds-LANG}. Real people, at
 * telephone quality.
 *
 * <p>Taken is what has a transcript of speech and lasts 0.3 to 20 s; the texts of the unlabelled split are withheld.
 */
public final class DebianPrompts {
    /** The languages there are. */
    public static final List<String> LANGUAGES = List.of("en", "es", "fr", "it", "ru");

    private static final double SHORTEST_S = 0.3;
    private static final double LONGEST_S = 20;
    private static final String PACKAGE = "asterisk-core-sounds-";

    private final DebianPackages packages;
    private final Map<String, SourceFile> files = new TreeMap<>();
    private final Map<String, Voice> voices = new LinkedHashMap<>();
    private final Map<String, Long> leftOut = new TreeMap<>();

    private DebianPrompts(DebianPackages packages) {
        this.packages = packages;
    }

    /** Fetches the packages of these languages into a folder, where they are not there yet, and lists their prompts. */
    public static Corpus fetch(Path folder, List<String> languages) {
        DebianPackages packages = new DebianPackages(folder);
        List<String> names = new ArrayList<>();
        for (String lang : languages) {
            names.add(PACKAGE + lang);
            names.add(PACKAGE + lang + "-wav");
        }
        packages.fetch(names);
        DebianPrompts prompts = new DebianPrompts(packages);
        languages.forEach(prompts::add);
        return prompts.corpus();
    }

    private Corpus corpus() {
        return new Corpus(new FileList(List.copyOf(files.values())), List.copyOf(voices.values()), List.of(), leftOut);
    }

    private void add(String lang) {
        Path documents = packages.root().resolve("usr/share/doc/" + PACKAGE + lang);
        try {
            Path folder = voiceFolder(lang);
            Voice voice = voice(lang, folder, CopyrightFile.read(documents.resolve("copyright")));
            for (Prompt prompt : PromptList.read(documents.resolve("core-sounds-" + lang + ".txt.gz"))) {
                add(lang, prompt, folder.resolve(prompt.key() + ".wav"), voice);
            }
        } catch (IOException e) {
            throw GlossaException.data("Cannot list the prompts of '" + lang + "': " + e + ", expected the package "
                            + PACKAGE + lang + " unpacked in " + packages.root())
                    .causedBy(e);
        }
    }

    private void add(String lang, Prompt prompt, Path audio, Voice voice) throws IOException {
        String reason = reasonToLeaveOut(lang, prompt, audio);
        if (reason != null) {
            leftOut.merge(reason, 1L, Long::sum);
            return;
        }
        Split split = Split.of(lang, prompt.key());
        Labels labels = Labels.of(packages.nameAndVersion(PACKAGE + lang + "-wav"))
                .inLanguage(lang)
                .inSplit(split.column())
                .by(voice.speaker())
                .under(voice.licence());
        SourceFile file = SourceFile.of(audio.toUri().toString(), prompt.key(), labels);
        files.put(lang + "/" + prompt.key(), split == Split.UNLABELLED ? file : file.said(prompt.text()));
    }

    private String reasonToLeaveOut(String lang, Prompt prompt, Path audio) throws IOException {
        if (!prompt.isSpeech()) {
            return "transcript is empty or describes a sound";
        } else if (!Files.exists(audio)) {
            return "transcript without a recording";
        } else if (files.containsKey(lang + "/" + prompt.key())) {
            return "second transcript of one recording";
        }
        double seconds = seconds(audio);
        return seconds < SHORTEST_S ? "shorter than 0.3 s" : seconds > LONGEST_S ? "longer than 20 s" : null;
    }

    /** The folder of the language's one voice, such as {@code en_US_f_Allison}. */
    private Path voiceFolder(String lang) throws IOException {
        Path sounds = packages.root().resolve("usr/share/asterisk/sounds");
        try (Stream<Path> folders = Files.list(sounds)) {
            return folders.filter(folder -> folder.getFileName().toString().startsWith(lang + "_"))
                    .filter(Files::isDirectory)
                    .sorted()
                    .findFirst()
                    .orElseThrow(() -> GlossaException.data("Cannot find the voice of '" + lang + "': no folder " + lang
                            + "_… in " + sounds + ", expected the package " + PACKAGE + lang + "-wav"));
        }
    }

    /** The voice that a folder is named after, one for all its languages. */
    private Voice voice(String lang, Path folder, CopyrightFile copyright) {
        String name = folder.getFileName().toString();
        CopyrightFile.Terms terms = copyright.of(lang);
        Voice voice = new Voice(
                name.substring(name.lastIndexOf('_') + 1),
                terms.credit(),
                terms.licence(),
                List.of(lang),
                List.of(packages.nameAndVersion(PACKAGE + lang + "-wav")));
        return voices.merge(voice.speaker(), voice, DebianPrompts::join);
    }

    private static Voice join(Voice a, Voice b) {
        return new Voice(
                a.speaker(),
                a.credit(),
                a.licence(),
                Stream.concat(a.languages().stream(), b.languages().stream()).toList(),
                Stream.concat(a.packages().stream(), b.packages().stream()).toList());
    }

    private static double seconds(Path wav) throws IOException {
        try {
            AudioFileFormat format = AudioSystem.getAudioFileFormat(wav.toFile());
            return format.getFrameLength() / (double) format.getFormat().getFrameRate();
        } catch (UnsupportedAudioFileException e) {
            throw GlossaException.data("Cannot read " + wav + ": " + e.getMessage() + ", expected a WAV file")
                    .causedBy(e);
        }
    }
}
