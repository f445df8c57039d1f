package io.glossa.featurize.mel;

import io.glossa.error.GlossaException;
import io.glossa.featurize.decode.AudioDecoder;
import io.glossa.featurize.decode.DecodeOptions;
import io.glossa.featurize.decode.Decoded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Measures how fast files become log-mels. */
public final class FeatureBench {
    private static final int REPEATS = 8;

    private final List<Path> files;
    private final int threads;

    private FeatureBench(List<Path> files, int threads) {
        this.files = files;
        this.threads = threads;
    }

    /**
     * Rates in seconds of audio per second of time, each the best of eight passes over all files.
     *
     * @param audioSeconds audio in the files
     * @param features from samples in memory to log-mels
     * @param featuresWithDecode from files to log-mels, reading and decoding included
     */
    public record Result(int files, int threads, double audioSeconds, double features, double featuresWithDecode) {}

    /**
     * @param files of any format
     * @param threads that work side by side, each on every n-th file
     * @throws GlossaException of type USER if a file cannot be read or decoded
     */
    public static Result run(List<Path> files, int threads) {
        if (files.isEmpty() || threads < 1) {
            throw GlossaException.user("Cannot measure features: found " + files.size() + " files and " + threads
                    + " threads, expected at least one of each");
        }
        return new FeatureBench(files, threads).run();
    }

    private Result run() {
        List<float[]> waves = new ArrayList<>();
        double seconds = 0;
        for (Path file : files) {
            float[] wave = decode(file);
            waves.add(wave);
            seconds += (double) wave.length / AudioDecoder.SAMPLE_RATE;
        }
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            double features = 0;
            double withDecode = 0;
            for (int i = 0; i < REPEATS; i++) {
                features = Math.max(features, seconds / pass(pool, (mel, n) -> mel.compute(waves.get(n))));
            }
            for (int i = 0; i < REPEATS; i++) {
                withDecode = Math.max(withDecode, seconds / pass(pool, (mel, n) -> mel.compute(decode(files.get(n)))));
            }
            return new Result(files.size(), threads, seconds, features, withDecode);
        } finally {
            pool.shutdown();
        }
    }

    private interface Work {
        void apply(LogMel mel, int file);
    }

    /** Seconds for all files. */
    private double pass(ExecutorService pool, Work work) {
        long start = System.nanoTime();
        List<Future<?>> running = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            int first = thread;
            running.add(pool.submit(() -> {
                LogMel mel = LogMel.of(FrontEndConfig.usm());
                for (int n = first; n < files.size(); n += threads) {
                    work.apply(mel, n);
                }
            }));
        }
        try {
            for (Future<?> each : running) {
                each.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw GlossaException.resource("Cannot measure features: interrupted")
                    .causedBy(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GlossaException known) {
                throw known;
            }
            throw GlossaException.internal("Cannot measure features: " + e.getCause())
                    .causedBy(e.getCause());
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private static float[] decode(Path file) {
        try {
            Decoded decoded = AudioDecoder.decode(Files.readAllBytes(file), DecodeOptions.lenient());
            if (decoded instanceof Decoded.Ok ok) {
                return ok.samples();
            }
            throw GlossaException.user("Cannot measure " + file + ": found " + decoded + ", expected audio");
        } catch (IOException e) {
            throw GlossaException.user("Cannot measure " + file + ": found no readable file, expected audio")
                    .causedBy(e);
        }
    }
}
