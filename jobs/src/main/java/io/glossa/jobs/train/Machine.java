package io.glossa.jobs.train;

import io.glossa.error.GlossaException;
import io.glossa.trainer.device.DeviceRequest;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Dumps;
import io.glossa.trainer.runtime.Precision;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What a model runs on.
 *
 * @param device one of {@link DeviceRequest#NAMES}
 * @param ranks processes that train together, each on a device of its own
 * @param minRanks with so many training goes on when there is no room for more
 * @param threads of each device; 0: the machine's cores, shared by the ranks on it
 * @param activationMb budget for the memory of activations, in MB; 0: none. What does not fit is computed again
 * @param dumpGraph folder for what each pass of the compiler makes; empty: none
 * @param featureThreads of each rank, that compute log-mels where none are stored
 * @param featureCache per cent of the heap, shared by all ranks, for features that are not read again
 */
public record Machine(
        String device,
        int ranks,
        int minRanks,
        int threads,
        int activationMb,
        String dumpGraph,
        int featureThreads,
        int featureCache)
        implements Serializable {
    private static final int FEATURE_CACHE = 25;
    private static final int MOST_CACHE = 80;

    /** All cores of the processor. */
    public static final Machine DEFAULT = new Machine("cpu", 1, 0, 0, "");

    /** Of all its ranks or none, each with one thread that computes log-mels. */
    public Machine(String device, int ranks, int threads, int activationMb, String dumpGraph) {
        this(device, ranks, ranks, threads, activationMb, dumpGraph, 1, FEATURE_CACHE);
    }

    public Machine {
        DeviceRequest.of(device);
        requireBudget(activationMb);
        if (ranks < 1) {
            throw GlossaException.user("Cannot train on " + ranks + " ranks, expected at least 1");
        }
        if (minRanks < 1 || minRanks > ranks) {
            throw GlossaException.user("Cannot go on with " + minRanks + " ranks, expected from 1 to the " + ranks
                    + " that there are to be (--min-ranks)");
        }
        if (featureThreads < 1) {
            throw GlossaException.user(
                    "Cannot compute features with " + featureThreads + " threads, expected at least 1");
        }
        if (featureCache < 0 || featureCache > MOST_CACHE) {
            throw GlossaException.user("Cannot keep features in " + featureCache
                    + " per cent of the heap, expected 0 to " + MOST_CACHE + " (the rest is for what is being read)");
        }
        if (threads < 0) {
            throw GlossaException.user("Cannot use " + threads + " threads, expected at least 1, or 0 for all cores");
        }
    }

    /**
     * The device to open on the machine where this is called.
     *
     * @param gpu which of its GPUs to use, where the device is one
     */
    DeviceRequest request(Precision precision, String gpu) {
        DeviceRequest request = DeviceRequest.of(device)
                .withAddress(gpu)
                .with(new Compile.Options(Compile.Grouping.FUSED, precision, activationBytes(activationMb)))
                .with(dumpGraph.isEmpty() ? Dumps.NONE : new Dumps(Optional.of(Path.of(dumpGraph))));
        return threads == 0 ? request : request.withThreads(threads);
    }

    /** What one of so many ranks on a machine takes of it. */
    UnaryOperator<DeviceRequest> share(int neighbours) {
        return request -> threads == 0 ? request.withThreads(Math.max(1, request.threads() / neighbours)) : request;
    }

    /** With fewer ranks. */
    Machine withRanks(int count) {
        return new Machine(
                device,
                count,
                Math.min(minRanks, count),
                threads,
                activationMb,
                dumpGraph,
                featureThreads,
                featureCache);
    }

    /** What a checkpoint says that it was trained on, such as "cpu" or "cuda 3". */
    String named(String gpu) {
        return DeviceRequest.of(device).isGpu() ? device + " " + gpu : device;
    }

    /**
     * The budget in bytes that so many MB mean.
     *
     * @throws GlossaException of type USER if they are negative
     */
    public static long activationBytes(int mb) {
        requireBudget(mb);
        return mb == 0 ? Long.MAX_VALUE : (long) mb << 20;
    }

    private static void requireBudget(int mb) {
        if (mb < 0) {
            throw GlossaException.user(
                    "Cannot keep activations in " + mb + " MB, expected at least 1, or 0 for no limit");
        }
    }
}
