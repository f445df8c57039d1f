package io.glossa.jobs.lineage;

import io.glossa.storage.Lineage;
import io.glossa.storage.checkpoint.CheckpointMeta;
import io.glossa.trainer.train.ModelAverage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Why a model hangs on another.
 *
 * @param digest of the other
 */
record Link(Kind kind, String digest) {
    enum Kind {
        STARTED_FROM("started from"),
        LABELLED_BY("texts by"),
        AVERAGE_OF("average of"),
        ADAPTERS_ON("adapters on");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /** Those that a checkpoint's metadata tell; whose texts it learned from, its data tell. */
    static List<Link> of(CheckpointMeta meta) {
        Map<String, String> lineage = meta.lineage();
        List<Link> links = new ArrayList<>();
        if (lineage.containsKey(ModelAverage.PARENTS)) {
            for (String digest : lineage.get(ModelAverage.PARENTS).split(",")) {
                links.add(new Link(Kind.AVERAGE_OF, digest));
            }
            return links;
        }
        String from = lineage.get(Lineage.MODEL_DIGEST);
        if (from != null) {
            links.add(new Link(Kind.STARTED_FROM, from));
        }
        meta.base()
                .filter(base -> !base.digest().equals(from))
                .ifPresent(base -> links.add(new Link(Kind.ADAPTERS_ON, base.digest())));
        return links;
    }
}
