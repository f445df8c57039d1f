package io.glossa.jobs;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.glossa.trainer.train.TrainBench;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Our measurements beside another program's, round by round, with ratios of medians. */
final class Comparison {
    /**
     * What another program says of itself.
     *
     * @param rtfx audio seconds per second
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Peer(
            @JsonProperty(required = true) double rtfx,
            @JsonProperty(required = true) double stepS,
            @JsonProperty(required = true) double firstS,
            @JsonProperty(required = true) double peakMb) {}

    private final List<TrainBench.Result> ours = new ArrayList<>();
    private final List<Peer> peers = new ArrayList<>();

    void add(TrainBench.Result our, Peer peer) {
        ours.add(our);
        peers.add(peer);
    }

    /** A line per round and program, then the ratio of the medians: ours over the peer's. */
    String table() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                "%-10s %10s %9s %13s %13s %9s%n",
                "", "audio s/s", "step s", "first step s", "from cache s", "peak MB"));
        for (int i = 0; i < ours.size(); i++) {
            TrainBench.Result our = ours.get(i);
            Peer peer = peers.get(i);
            text.append(String.format(
                    Locale.ROOT,
                    "%-10s %10.1f %9.3f %13.1f %13.1f %9.0f%n",
                    "Glossa",
                    our.rtfx(),
                    our.stepS(),
                    our.firstS(),
                    our.warmFirstS(),
                    our.peakMb()));
            text.append(String.format(
                    Locale.ROOT,
                    "%-10s %10.1f %9.3f %13.1f %13s %9.0f%n",
                    "peer",
                    peer.rtfx(),
                    peer.stepS(),
                    peer.firstS(),
                    "",
                    peer.peakMb()));
        }
        text.append(String.format(
                Locale.ROOT,
                "%-10s %9.2f× %8.2f× %12.2f× %12.2f× %8.2f×%n",
                "ratio",
                ratio(TrainBench.Result::rtfx, Peer::rtfx),
                ratio(TrainBench.Result::stepS, Peer::stepS),
                ratio(TrainBench.Result::firstS, Peer::firstS),
                ratio(TrainBench.Result::warmFirstS, Peer::firstS),
                ratio(TrainBench.Result::peakMb, Peer::peakMb)));
        return text.toString();
    }

    private double ratio(ToDoubleFunction<TrainBench.Result> our, ToDoubleFunction<Peer> peer) {
        return median(ours.stream().mapToDouble(our).toArray())
                / median(peers.stream().mapToDouble(peer).toArray());
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        int middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
