package io.glossa.jobs.train;

import io.glossa.config.Nearest;
import io.glossa.error.GlossaException;
import io.glossa.jobs.text.LearnedPieces;
import io.glossa.storage.Folder;
import io.glossa.storage.checkpoint.CheckpointMeta;
import io.glossa.trainer.objective.Head;
import io.glossa.trainer.text.Graphemes;
import io.glossa.trainer.text.SentencePiece;
import io.glossa.trainer.text.Tokenizer;
import io.glossa.trainer.text.Tokenizers;
import java.io.IOException;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;

/**
 * By what a recogniser's texts are numbered.
 *
 * @param name {@code graphemes}, {@code bpe:SIZE} or {@code sentencepiece:DIGEST}
 * @param given settings of the tokenizer ({@link Tokenizer#config}); empty where it is learned from the training's texts
 */
record TokenizerChoice(String name, Map<String, String> given) implements Serializable {
    /** The characters of the training's texts. */
    static final TokenizerChoice GRAPHEMES = new TokenizerChoice("graphemes", Map.of());

    /** Where a checkpoint says it. */
    static final String LINEAGE = "tokenizer";

    private static final Pattern BPE = Pattern.compile("bpe:([1-9]\\d{0,6})");
    private static final String MODEL = ".model";

    TokenizerChoice {
        given = new HashMap<>(given);
    }

    /**
     * What a person asks for: {@code graphemes}, {@code bpe:SIZE} or a {@code .model} file.
     *
     * @throws GlossaException of type USER if it is none of them, or there is no such file; of type DATA if the file is none of
     *     SentencePiece's, or larger than a checkpoint holds
     */
    static TokenizerChoice of(String asked) {
        if (asked.equals(GRAPHEMES.name) || BPE.matcher(asked).matches()) {
            return new TokenizerChoice(asked, Map.of());
        }
        if (!asked.endsWith(MODEL)) {
            throw GlossaException.user("Cannot use tokenizer '" + asked
                    + "': expected graphemes, bpe:SIZE or a SentencePiece file that ends in " + MODEL
                    + Nearest.hint(asked, List.of(GRAPHEMES.name, "bpe:1024")));
        }
        int slash = asked.lastIndexOf('/');
        Folder folder = new Folder(slash < 0 ? "." : asked.substring(0, slash + 1));
        try {
            SentencePiece tokenizer = SentencePiece.of(folder.read(asked.substring(slash + 1)));
            return new TokenizerChoice("sentencepiece:" + tokenizer.digest(), tokenizer.config());
        } catch (GlossaException e) {
            throw GlossaException.of(e.type(), "Cannot use the tokenizer " + asked + ": " + e.getMessage())
                    .causedBy(e);
        } catch (IOException e) {
            throw GlossaException.user("Cannot read the tokenizer " + asked + ": " + e + ", expected a file")
                    .causedBy(e);
        }
    }

    /** The same, as the checkpoint has it that a training goes on from: that one is not learned anew. */
    TokenizerChoice goingOnFrom(Optional<CheckpointMeta> checkpoint) {
        return checkpoint
                .filter(meta -> Head.ofModel(meta.kind()).isPresent() && name.equals(nameIn(meta)))
                .map(meta ->
                        new TokenizerChoice(name, Tokenizers.of(meta.config()).config()))
                .orElse(this);
    }

    /** What a checkpoint was asked to use; graphemes where it does not say so. */
    static String nameIn(CheckpointMeta meta) {
        return meta.lineage().getOrDefault("glossa." + LINEAGE, GRAPHEMES.name);
    }

    /** The tokenizer, if need be learned from these texts. */
    Tokenizer tokenizer(Dataset<String> texts) {
        if (!given.isEmpty()) {
            return Tokenizers.of(given);
        }
        Matcher bpe = BPE.matcher(name);
        if (bpe.matches()) {
            return SentencePiece.of(LearnedPieces.bpe(texts, Integer.parseInt(bpe.group(1))));
        }
        return Graphemes.of(texts.flatMap(
                        (FlatMapFunction<String, String>)
                                text -> Graphemes.clusters(text).distinct().iterator(),
                        Encoders.STRING())
                .distinct()
                .collectAsList());
    }
}
