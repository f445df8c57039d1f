package io.glossa.jobs.train;

import io.glossa.storage.Lake;
import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.data.Utterance;
import io.glossa.trainer.lake.LakeSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The utterances of one training: those of the splits, each once, then those with a pseudo-label, each as often as its
 * weight says. The same data give the same order.
 */
final class TrainSource implements BatchSource, AutoCloseable {
    private record Place(LakeSource source, int index, int copy) {}

    private final long snapshot;
    private final List<LakeSource> opened = new ArrayList<>();
    private final List<Place> places = new ArrayList<>();
    private final int own;

    /** Utterances without texts. */
    static TrainSource read(Lake lake, TrainData data, Path scratch) {
        return new TrainSource(lake, data, Map.of(), Map.of(), List.of(), scratch);
    }

    /** Utterances with their texts. */
    static TrainSource read(Lake lake, TrainData data, TrainTexts texts, Path scratch) {
        return new TrainSource(lake, data, texts.human(), texts.pseudo(), texts.pseudoSplits(), scratch);
    }

    private TrainSource(
            Lake lake,
            TrainData data,
            Map<String, int[]> human,
            Map<String, int[]> pseudo,
            List<String> pseudoSplits,
            Path scratch) {
        snapshot = data.features();
        LakeSource first =
                open(LakeSource.read(lake, snapshot, data.frontEnd().digest(), data.splits(), human, scratch));
        for (int i = 0; i < first.size(); i++) {
            places.add(new Place(first, i, 0));
        }
        own = places.size();
        if (!pseudo.isEmpty()) {
            try {
                addPseudo(
                        open(LakeSource.read(lake, snapshot, data.frontEnd().digest(), pseudoSplits, pseudo, scratch)),
                        pseudo,
                        data.pseudo());
            } catch (RuntimeException e) {
                close();
                throw e;
            }
        }
    }

    private void addPseudo(LakeSource source, Map<String, int[]> labels, PseudoLabels how) {
        for (int i = 0; i < source.size(); i++) {
            String id = source.utterance(i).id();
            int times = labels.containsKey(id) ? how.times(id) : 0;
            for (int k = 0; k < times; k++) {
                places.add(new Place(source, i, k));
            }
        }
    }

    /** True for an utterance that is there for its pseudo-label. */
    boolean pseudo(int index) {
        return index >= own;
    }

    @Override
    public long snapshot() {
        return snapshot;
    }

    @Override
    public int size() {
        return places.size();
    }

    @Override
    public Utterance utterance(int index) {
        Place place = places.get(index);
        return place.source().utterance(place.index()).again(place.copy());
    }

    @Override
    public float[] features(int index) {
        Place place = places.get(index);
        return place.source().features(place.index());
    }

    @Override
    public void close() {
        opened.forEach(LakeSource::close);
    }

    private LakeSource open(LakeSource source) {
        opened.add(source);
        return source;
    }
}
