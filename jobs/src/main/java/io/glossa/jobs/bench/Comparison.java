package io.glossa.jobs.bench;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.glossa.trainer.train.BenchResult;
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
     * @param batch utterances in a step; 0 where it does not say, and has as many as we
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Peer(
            @JsonProperty(required = true) double rtfx,
            @JsonProperty(required = true) double stepS,
            @JsonProperty(required = true) double firstS,
            @JsonProperty(required = true) double peakMb,
            int batch) {
        double utteranceMb(int ours) {
            return peakMb / (batch > 0 ? batch : ours);
        }
    }

    private final List<BenchResult> ours = new ArrayList<>();
    private final List<Peer> peers = new ArrayList<>();

    void add(BenchResult our, Peer peer) {
        ours.add(our);
        peers.add(peer);
    }

    /** A line per round and program, then the ratio of the medians: ours over the peer's. */
    String table() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%-10s %6s %10s %9s %13s %13s %9s %8s%n",
                "",
                "batch",
                "audio s/s",
                "step s",
                "first step s",
                "from cache s",
                "peak MB",
                "MB/utt."));
        for (int i = 0; i < ours.size(); i++) {
            BenchResult our = ours.get(i);
            Peer peer = peers.get(i);
            text.append(String.format(
                    Locale.ROOT,
                    "%-10s %6d %10.1f %9.3f %13.1f %13.1f %9.0f %8.1f%n",
                    "Glossa",
                    our.batch(),
                    our.rtfx(),
                    our.stepS(),
                    our.firstS(),
                    our.warmFirstS(),
                    memoryMb(our),
                    our.utteranceMb()));
            text.append(String.format(
                    Locale.ROOT,
                    "%-10s %6d %10.1f %9.3f %13.1f %13s %9.0f %8.1f%n",
                    "peer",
                    peer.batch() > 0 ? peer.batch() : our.batch(),
                    peer.rtfx(),
                    peer.stepS(),
                    peer.firstS(),
                    "",
                    peer.peakMb(),
                    peer.utteranceMb(our.batch())));
        }
        text.append(String.format(
                Locale.ROOT,
                "%-10s %6s %9.2f× %8.2f× %12.2f× %12.2f× %8.2f× %7.2f×%n",
                "ratio",
                "",
                ratio(BenchResult::rtfx, Peer::rtfx),
                ratio(BenchResult::stepS, Peer::stepS),
                ratio(BenchResult::firstS, Peer::firstS),
                ratio(BenchResult::warmFirstS, Peer::firstS),
                ratio(Comparison::memoryMb, Peer::peakMb),
                ratio(
                        BenchResult::utteranceMb,
                        peer -> peer.utteranceMb(ours.get(0).batch()))));
        return text.toString();
    }

    /** Of the GPU where there is one, as a peer says it. */
    private static double memoryMb(BenchResult our) {
        return our.deviceMb() > 0 ? our.deviceMb() : our.peakMb();
    }

    private double ratio(ToDoubleFunction<BenchResult> our, ToDoubleFunction<Peer> peer) {
        return median(ours.stream().mapToDouble(our).toArray())
                / median(peers.stream().mapToDouble(peer).toArray());
    }

    static double median(double... values) {
        Arrays.sort(values);
        int middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
