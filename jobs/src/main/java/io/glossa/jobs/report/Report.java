package io.glossa.jobs.report;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.glossa.error.GlossaException;
import io.glossa.jobs.corpus.Voice;
import io.glossa.jobs.evaluate.Interval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a run measured. {@link #write} makes {@code report.json} of it, with the names of the components in snake case;
 * rates are fractions, not percentages.
 *
 * @param title what was run
 * @param created when, in ISO 8601
 * @param version of the code
 * @param machine processor, cores, JVM
 * @param seed decides everything random
 * @param config the settings, by {@code part.key}
 * @param data how much speech of which split and language
 * @param models the recognisers, in the order they were trained
 * @param comparisons of each recogniser with the one that it should beat
 * @param steps what was run, in order
 * @param filters what each filter took away from the pseudo-labels
 * @param rejects input that could not be used, by code
 * @param warnings input that was used in part or mended, by kind
 * @param curves quantities over the course of training
 * @param codebooks how evenly pre-training's targets were used
 * @param examples a few utterances with what was recognised
 * @param voices who speaks, and under which licence
 * @param notes what a reader has to know to judge the numbers
 */
public record Report(
        String title,
        String created,
        String version,
        String machine,
        long seed,
        Map<String, String> config,
        List<DataShare> data,
        List<Model> models,
        List<Comparison> comparisons,
        List<Step> steps,
        List<FilterYield> filters,
        List<Rejects> rejects,
        Map<String, Long> warnings,
        List<Curve> curves,
        List<Codebook> codebooks,
        List<Example> examples,
        List<Voice> voices,
        List<String> notes) {

    private static final ObjectMapper JSON = new ObjectMapper()
            .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT);

    /** Utterances and minutes of one language in one split. */
    public record DataShare(String lang, String split, long utterances, double minutes) {}

    /**
     * One recogniser on the test split.
     *
     * @param name short, such as "a"
     * @param description how it was trained
     * @param cer character error rate over all test utterances
     * @param cerInterval its 95 % interval
     * @param wer word error rate
     * @param werInterval its 95 % interval
     * @param cerUnseenText character error rate of the test texts that do not occur in training
     * @param unseenTextUtterances how many those are
     * @param byLanguage the rates of each language
     * @param hoursLabelled human-labelled audio that it learned from
     * @param hoursPseudoLabelled pseudo-labelled audio that it learned from
     * @param hoursUnlabelled audio that it was pre-trained on
     * @param passesBefore over the audio that it was pre-trained on
     * @param passes over its labelled data
     * @param hoursSeen audio that its weights have learned from over their whole life, counted as often as it was seen
     * @param parameters how many numbers were learned
     */
    public record Model(
            String name,
            String description,
            double cer,
            Range cerInterval,
            double wer,
            Range werInterval,
            double cerUnseenText,
            int unseenTextUtterances,
            Map<String, Rates> byLanguage,
            double hoursLabelled,
            double hoursPseudoLabelled,
            double hoursUnlabelled,
            int passesBefore,
            int passes,
            double hoursSeen,
            long parameters) {}

    /** The rates of one language. */
    public record Rates(double cer, Range cerInterval, double wer, int utterances) {}

    /** An interval of a rate, written as {@code [low, high]}. */
    @JsonFormat(shape = JsonFormat.Shape.ARRAY)
    public record Range(
            @JsonProperty(index = 0) double low,
            @JsonProperty(index = 1) double high) {
        public static Range of(Interval interval) {
            return new Range(interval.low(), interval.high());
        }
    }

    /**
     * Whether a recogniser beats the one before it.
     *
     * @param model the one that should be better
     * @param baseline the one it is compared with
     * @param difference CER of {@code model} − CER of {@code baseline}; below 0 is better
     * @param interval 95 % interval of the difference, utterance by utterance
     * @param tooFew why nothing can be told, as the two hardly differ in what they learned from; else empty
     * @param cause what is thought to be the reason where it is not better, else empty
     */
    public record Comparison(
            String model, String baseline, double difference, Range interval, String tooFew, String cause) {
        /** Better by more than chance explains. */
        @JsonProperty("beats")
        public boolean beats() {
            return tooFew.isEmpty() && interval.high() < 0;
        }
    }

    /**
     * One step of the run.
     *
     * @param audioHours that went through it, counted as often as it did; 0 where it has none
     * @param audioHoursPerHour of wall clock
     */
    public record Step(String name, double seconds, double audioHours, double audioHoursPerHour, String detail) {}

    /**
     * What one filter took away of one language's pseudo-labels.
     *
     * @param filter its name, or "accepted" for what passed them all
     * @param utterances that it took away (or that were accepted)
     * @param share of the language's hypotheses
     * @param hours of audio
     */
    public record FilterYield(String filter, String lang, long utterances, double share, double hours) {}

    /** Inputs that a stage could not use, for one reason. */
    public record Rejects(String stage, String code, long count, List<String> examples) {}

    /**
     * One quantity over the course of training.
     *
     * @param chart curves of one chart share this title
     * @param model whose training it is
     * @param unit of x, such as "passes"
     */
    public record Curve(String chart, String model, String unit, List<Point> points) {}

    /** A point of a curve, written as {@code [x, y]}. */
    @JsonFormat(shape = JsonFormat.Shape.ARRAY)
    public record Point(
            @JsonProperty(index = 0) double x,
            @JsonProperty(index = 1) double y) {}

    /**
     * Use of one codebook.
     *
     * @param size entries
     * @param coverage share of the entries that occurred
     * @param entropyBits of the entries' frequencies; at most log2(size)
     * @param perplexity 2^entropyBits
     */
    public record Codebook(int number, int size, double coverage, double entropyBits, double perplexity) {}

    /**
     * One test utterance.
     *
     * @param id of the utterance; its picture goes by this name
     * @param hypotheses what each model recognised
     */
    public record Example(
            String id,
            String lang,
            double seconds,
            String reference,
            Map<String, String> hypotheses,
            boolean textSeen) {}

    /** Writes {@code report.json}. */
    public void write(Path file) {
        try {
            Files.write(file, JSON.writeValueAsBytes(this));
        } catch (IOException e) {
            throw GlossaException.resource("Cannot write " + file + ": " + e.getMessage())
                    .causedBy(e);
        }
    }
}
