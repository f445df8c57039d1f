package io.glossa.jobs.train;

import io.glossa.config.ConfigBinder;
import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import io.glossa.storage.Lake;
import io.glossa.storage.OrderHash;
import io.glossa.storage.checkpoint.CheckpointMeta;
import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.data.Example;
import io.glossa.trainer.lake.CellCache;
import io.glossa.trainer.lake.TrainingRows;
import io.glossa.trainer.objective.Most;
import io.glossa.trainer.train.Exposure;
import io.glossa.trainer.train.Exposures;
import io.glossa.trainer.train.Stream;
import io.glossa.trainer.train.TrainConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * What a checkpoint's model has of each utterance and sentence, computed from the censuses in the folder of its run and from the lake.
 * No log-mels are read.
 *
 * @param streams of the training; one without streams has one
 */
public record RunExposures(List<OfStream> streams) {
    /** The stream of texts that nobody spoke: its ids are those of {@code sentences}. */
    public static final String TEXT = Most.TEXT;

    /** The stream of speech with text. */
    public static final String PAIRED = Most.PAIRED;

    private static final int BLOCKS_AT_ONCE = 256;
    private static final String ORDER = "2";

    /**
     * What of a stream.
     *
     * @param empty those whose places had nothing in them
     */
    public record OfStream(String name, BatchSource source, Exposures exposures, Set<String> empty) {
        /** By id, all copies together: those that the model has anything of. */
        public Map<String, Exposure> all() {
            return of(IntStream.range(0, source.census().blocks()).toArray(), id -> true);
        }

        /** The same of some ids. */
        public Map<String, Exposure> of(Set<String> ids) {
            int blocks = source.census().blocks();
            int[] some = ids.stream()
                    .mapToInt(id -> OrderHash.block(OrderHash.of(id), blocks))
                    .sorted()
                    .distinct()
                    .toArray();
            boolean elsewhere = name.equals(TEXT); // copies of a sentence have places of their own
            return of(elsewhere ? IntStream.range(0, blocks).toArray() : some, ids::contains);
        }

        private Map<String, Exposure> of(int[] blocks, Predicate<String> wanted) {
            Map<String, Exposure> found = new HashMap<>();
            for (int from = 0; from < blocks.length; from += BLOCKS_AT_ONCE) {
                int[] some = Arrays.copyOfRange(blocks, from, Math.min(blocks.length, from + BLOCKS_AT_ONCE));
                add(found, some, wanted);
            }
            found.values().removeIf(exposure -> !exposure.isAny());
            return found;
        }

        private void add(Map<String, Exposure> found, int[] blocks, Predicate<String> wanted) {
            List<Exposures.Cell> cells = new ArrayList<>();
            List<List<Example>> examples = new ArrayList<>();
            for (int bucket = 0; bucket < source.census().buckets(); bucket++) {
                List<List<Example>> read = source.cells(bucket, blocks);
                for (int i = 0; i < blocks.length; i++) {
                    if (read.get(i).stream()
                            .anyMatch(example -> wanted.test(example.utterance().id()))) {
                        cells.add(new Exposures.Cell(bucket, blocks[i]));
                        examples.add(read.get(i));
                    }
                }
            }
            List<List<Exposure>> computed = exposures.of(cells);
            for (int i = 0; i < cells.size(); i++) {
                requireCount(computed.get(i).size(), examples.get(i).size());
                for (int k = 0; k < examples.get(i).size(); k++) {
                    String id = examples.get(i).get(k).utterance().id();
                    if (wanted.test(id) && !empty.contains(id)) {
                        found.merge(id, computed.get(i).get(k), Exposure::and);
                    }
                }
            }
        }

        private void requireCount(int counted, int found) {
            if (found != counted) {
                throw GlossaException.data(
                        "Cannot tell what was learned from snapshot " + source.snapshot() + ": found "
                                + found + " utterances in a block of stream " + name + ", expected the " + counted
                                + " that were counted before the training");
            }
        }
    }

    /**
     * Of a checkpoint.
     *
     * @param run the folder of its training, which has the censuses
     * @throws GlossaException of type DATA if it has none of these data, of type USER if the checkpoint is in an order of batches
     *     of another version, or a snapshot has expired
     */
    public static RunExposures of(Lake lake, Folder run, CheckpointMeta meta) {
        if (!meta.config().getOrDefault("order", "1").equals(ORDER)) {
            throw GlossaException.user("Cannot tell what " + run + " learned from: its order of batches is of another"
                    + " version, expected order=" + ORDER);
        }
        TrainData data = TrainedData.of(lake, run, meta);
        TrainConfig training = TrainedData.training(meta);
        Set<String> empty = ForgottenNote.in(run).map(ForgottenNote::before).orElse(Set.of());
        TrainingRows rows = TrainedData.rows(data);
        if (meta.kind().equals(Most.KIND)) {
            MostRank most = new MostRank(task(lake, run, data, training, meta), new CellCache(0), training);
            List<Stream> streams = most.streams(lake, rows);
            List<Exposures> exposures = Exposures.of(streams, most.curriculum(), training, meta);
            return new RunExposures(IntStream.range(0, streams.size())
                    .mapToObj(i ->
                            new OfStream(streams.get(i).name(), streams.get(i).source(), exposures.get(i), empty))
                    .toList());
        }
        CensusFile file = CensusFile.read(run, data, training.bucketTable());
        BatchSource source = TrainRank.source(lake, rows, data, training.bucketTable(), file, run);
        String name = data.labelled() ? PAIRED : Most.UNTRANSCRIBED;
        return new RunExposures(List.of(new OfStream(name, source, Exposures.of(source, training, meta), empty)));
    }

    private static TrainTask task(Lake lake, Folder run, TrainData data, TrainConfig training, CheckpointMeta meta) {
        return new TrainTask(
                MostJob.NAME,
                lake.config(),
                data,
                meta.config(),
                ConfigBinder.values(training),
                run,
                null,
                "",
                null,
                Machine.DEFAULT,
                meta.lineage());
    }
}
