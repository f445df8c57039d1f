package io.glossa.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.glossa.config.ConfigBinder;
import io.glossa.storage.Half;
import io.glossa.storage.Lineage;
import io.glossa.storage.checkpoint.Checkpoint;
import io.glossa.storage.checkpoint.CheckpointMeta;
import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.data.Cursor;
import io.glossa.trainer.data.Example;
import io.glossa.trainer.data.Synthetic;
import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.BestRq;
import io.glossa.trainer.objective.BestRqConfig;
import io.glossa.trainer.objective.Ctc;
import io.glossa.trainer.objective.Objective;
import io.glossa.trainer.objective.SymbolTable;
import io.glossa.trainer.ranks.RankThreads;
import io.glossa.trainer.runtime.Device;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the plans tell is what a training loop has read that wrote it down. */
class ExposuresTest {
    private static final int SPOILT = 5;
    private static final ModelConfig MODEL =
            new ModelConfig(1, 8, 2, 12, 3, "chunk:6", ModelConfig.Convolution.CROSSING, Synthetic.MELS, 4);
    private static final Objective BEST_RQ = new BestRq(MODEL, new BestRqConfig(2, 9, 4, 0.7, 0.1, 3, 0.1));
    private static final Objective CTC = new Ctc(MODEL, SymbolTable.ofText("abc"), false);

    /** An utterance of a batch, with its stream before it, and the step, from 1, that has it. */
    private record Read(long step, String utterance) {}

    /** Opens a training from some start whose loop notes what it reads. */
    private interface Opening extends BiFunction<Device, Start, Trainer> {}

    private final Collection<Read> read = new ConcurrentLinkedQueue<>();

    /** Ranks before and after a resume, parts, and the step at which it stops for the first time. */
    @ParameterizedTest
    @CsvSource({"bestrq,1,1,1,3", "bestrq,2,1,2,5", "ctc,1,2,4,4", "ctc,2,3,3,17"})
    void areWhatTheLoopRead(String kind, int before, int after, int parts, int stop) {
        Objective objective = kind.equals("ctc") ? CTC : BEST_RQ;
        TrainConfig config = config(parts);
        BatchSource source = MemorySource.of(41, examples(61, false), config.bucketTable(), objective);
        Opening opening = (device, start) -> open(device, objective, source, config, start);

        Checkpoint half = train(before, opening, new Start.Fresh(), stop);
        assertThat(half.step()).isEqualTo(stop);
        Map<String, Exposure> known = told(source, Exposures.of(source, config, half.meta()), "");
        assertThat(known).isEqualTo(written(known.keySet(), half.meta(), Set.of(), ""));

        Checkpoint end = train(after, opening, new Start.Resume(half), 1000);
        Map<String, Exposure> all = told(source, Exposures.of(source, config, end.meta()), "");
        assertThat(all)
                .isEqualTo(written(all.keySet(), end.meta(), Set.of(), ""))
                .hasSize(61);
        assertThat(all.get("u0").count()).as("two copies, three passes").isEqualTo(6);
        assertThat(all.get("u1").count()).isEqualTo(3);
    }

    @Test
    void whatWasLeftOutDoesNotCount() {
        TrainConfig config = config(2);
        BatchSource source = MemorySource.of(41, examples(61, true), config.bucketTable(), CTC);
        Opening opening = (device, start) -> open(device, CTC, source, config, start);
        Start other = new Start.Transfer(whole(config));

        Checkpoint end = train(2, opening, other, 1000);
        Set<Long> left = SkippedSteps.in(end.meta().lineage());
        assertThat(left).as("one in each pass").hasSize(3);
        Map<String, Exposure> all = told(source, Exposures.of(source, config, end.meta()), "");
        assertThat(all).isEqualTo(written(all.keySet(), end.meta(), left, "none"));
        assertThat(all.get("u" + SPOILT)).isEqualTo(Exposure.NONE);
    }

    @ParameterizedTest
    @CsvSource({"1,2,7", "2,1,17", "2,2,25"})
    void ofSeveralStreamsToo(int before, int after, int stop) {
        TrainConfig config = config(2);
        Stream paired = Stream.ofSpeech(
                "paired",
                CTC,
                MemorySource.of(42, examples(23, false), config.bucketTable(), CTC),
                new BatchConfig(1.6, 2, config.batches().buckets()));
        Stream heard = Stream.ofSpeech(
                "untranscribed",
                BEST_RQ,
                MemorySource.of(41, examples(61, false), config.bucketTable(), BEST_RQ),
                config.batches());
        List<Stream> streams = List.of(paired, heard);
        Curriculum curriculum = Curriculum.parse(
                List.of("9:paired", "8:untranscribed", "13:paired+untranscribed"), List.of("paired", "untranscribed"));
        Opening opening = (device, start) -> new Trainer(
                device,
                CTC,
                paired.source(),
                config,
                start,
                training -> new StreamSteps(device, streams, curriculum, config, noting(training)));

        Checkpoint half = train(before, opening, new Start.Fresh(), stop);
        Map<String, Exposure> known = told(streams, curriculum, config, half.meta());
        assertThat(known).isEqualTo(written(known.keySet(), half.meta(), Set.of(), "paired"));

        Checkpoint end = train(after, opening, new Start.Resume(half), 1000);
        assertThat(end.step()).isEqualTo(30);
        Map<String, Exposure> all = told(streams, curriculum, config, end.meta());
        assertThat(all).isEqualTo(written(all.keySet(), end.meta(), Set.of(), "paired"));
        assertThat(all).hasSize(23 + 61);
    }

    @Test
    void theFrontEndIsFittedToTheFirstOfALargeTable() {
        TrainConfig config = config(1);
        List<Example> examples = examples(900, false);
        BatchSource source = MemorySource.of(41, examples, config.bucketTable(), BEST_RQ);
        CheckpointMeta none = new CheckpointMeta(0, "bestrq", Map.of(), Map.of(), Map.of(), Map.of());
        double sum = 0;
        long frames = 0;
        long utterances = 0;
        List<Exposures.Cell> cells = cells(source);
        List<List<Exposure>> found = Exposures.of(source, config, none).of(cells);
        for (int i = 0; i < cells.size(); i++) {
            List<Example> cell = source.cells(
                            cells.get(i).bucket(), new int[] {cells.get(i).block()})
                    .get(0);
            for (int k = 0; k < cell.size(); k++) {
                assertThat(found.get(i).get(k).count()).isZero();
                if (found.get(i).get(k).statistics()) {
                    float[] features = cell.get(k).features();
                    for (int t = 0; t < features.length; t += Synthetic.MELS) {
                        sum += features[t];
                        frames++;
                    }
                    utterances++;
                }
            }
        }
        assertThat(utterances).isBetween(500L, 502L);
        HostTensor mean = FeatureStatistics.of(source, Synthetic.MELS).get("frontend.mean");
        assertThat(sum / frames).isCloseTo(mean.floats()[0], within(1e-6));
    }

    private static TrainConfig config(int parts) {
        Map<String, String> settings = Map.of(
                "passes", "3",
                "parts", Integer.toString(parts),
                "buckets", "40,80",
                "batch-seconds", "3.2",
                "skip-share", "0.5",
                "seed", "7");
        return ConfigBinder.bind(TrainConfig.class, settings, TrainConfig.DEFAULTS);
    }

    /** Every third of them twice. */
    private static List<Example> examples(int size, boolean spoilt) {
        Synthetic speech = new Synthetic(41, size, 80, 3, 1);
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            float[] features = speech.features(i).clone();
            if (spoilt && i == SPOILT) {
                Arrays.fill(features, Float.NaN);
            }
            examples.add(new Example(speech.utterance(i), Half.encode(features)));
            if (i % 3 == 0) {
                examples.add(new Example(speech.utterance(i).again(1), Half.encode(features)));
            }
        }
        return examples;
    }

    private Trainer open(Device device, Objective objective, BatchSource source, TrainConfig config, Start start) {
        return new Trainer(
                device,
                objective,
                source,
                config,
                start,
                training -> new Steps(device, objective, source, config, noting(training)));
    }

    private static Checkpoint whole(TrainConfig config) {
        BatchSource source = MemorySource.of(1, examples(61, false), config.bucketTable(), CTC);
        try (Device device = DeviceRequest.of("cpu").withThreads(1).open();
                Trainer trainer = Trainer.open(device, CTC, source, config, new Start.Fresh())) {
            return trainer.checkpoint(Map.of());
        }
    }

    /** So many steps, or to the end; what is read ahead and not trained on is not kept. */
    private Checkpoint train(int ranks, Opening opening, Start start, long steps) {
        List<Read> earlier = List.copyOf(read);
        read.clear();
        Map<String, String> lineage =
                start instanceof Start.Transfer ? Map.of(Lineage.MODEL_DIGEST, "another") : Map.of();
        Checkpoint end = RankThreads.onDevices(DeviceRequest.of("cpu").withThreads(1), ranks, device -> {
                    try (Trainer trainer = opening.apply(device, start)) {
                        trainer.run(steps, report -> {});
                        return trainer.checkpoint(lineage);
                    }
                })
                .get(0);
        read.removeIf(each -> each.step() > end.step());
        read.addAll(earlier);
        return end;
    }

    private Loop.Training noting(Loop.Training training) {
        return new Loop.Training() {
            @Override
            public Map<String, HostTensor> scalars(Cursor at) {
                return training.scalars(at);
            }

            @Override
            public void reads(Cursor at, List<String> utterances) {
                utterances.forEach(id -> read.add(new Read(at.step() + 1, id)));
                training.reads(at, utterances);
            }
        };
    }

    /** By what was written down, and of some that may not be in it: the exposure of each, all by stream and id. */
    private Map<String, Exposure> written(Set<String> all, CheckpointMeta meta, Set<Long> left, String fitted) {
        Map<String, Exposure> found = new TreeMap<>();
        all.forEach(id -> found.put(id, new Exposure(id.startsWith(fitted), 0, 0)));
        for (Read each : read) {
            if (each.step() <= meta.step() && !left.contains(each.step())) {
                found.merge(each.utterance(), new Exposure(false, each.step(), 1), Exposure::and);
            }
        }
        return found;
    }

    private static Map<String, Exposure> told(
            List<Stream> streams, Curriculum curriculum, TrainConfig config, CheckpointMeta meta) {
        List<Exposures> each = Exposures.of(streams, curriculum, config, meta);
        Map<String, Exposure> all = new TreeMap<>();
        for (int i = 0; i < streams.size(); i++) {
            all.putAll(told(streams.get(i).source(), each.get(i), streams.get(i).name() + StreamLane.MARK));
        }
        return all;
    }

    private static Map<String, Exposure> told(BatchSource source, Exposures exposures, String mark) {
        Map<String, Exposure> all = new TreeMap<>();
        List<Exposures.Cell> cells = cells(source);
        List<List<Exposure>> found = exposures.of(cells);
        for (int i = 0; i < cells.size(); i++) {
            List<Example> cell = source.cells(
                            cells.get(i).bucket(), new int[] {cells.get(i).block()})
                    .get(0);
            for (int k = 0; k < cell.size(); k++) {
                all.merge(mark + cell.get(k).utterance().id(), found.get(i).get(k), Exposure::and);
            }
        }
        return all;
    }

    private static List<Exposures.Cell> cells(BatchSource source) {
        return IntStream.range(0, source.census().buckets())
                .boxed()
                .flatMap(bucket -> IntStream.range(0, source.census().blocks())
                        .mapToObj(block -> new Exposures.Cell(bucket, block)))
                .toList();
    }
}
