package io.glossa.featurize.helper;

import io.glossa.error.GlossaException;
import io.glossa.featurize.RejectCode;
import io.glossa.featurize.decode.AudioDecoder;
import io.glossa.featurize.decode.DecodeOptions;
import io.glossa.featurize.decode.Decoded;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** One helper, for one thread at a time. */
final class DecoderProcess implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;

    /** Of processor time, to start in; a tenth of a second to two are needed. */
    private static final double START_SECONDS = 30;

    /** To write down how it ended. */
    private static final long END_SECONDS = 10;

    private static final double NANOS = 1e9;

    private final DecoderLimits limits;
    private final Process process;
    private final HelperWords words;
    private final DataOutputStream requests;
    private final DataInputStream replies;
    private volatile long idleSince = System.nanoTime();

    /**
     * Starts one, and waits until it is ready.
     *
     * @throws GlossaException of type RESOURCE if it does not start
     */
    DecoderProcess(Class<?> main, DecoderLimits limits) {
        this.limits = limits;
        try {
            process = DecoderCommand.of(main, limits).start();
        } catch (IOException e) {
            throw notStarted(e.getMessage(), e);
        }
        words = new HelperWords(process.getErrorStream());
        requests = new DataOutputStream(new BufferedOutputStream(process.getOutputStream(), BUFFER_BYTES));
        replies = new DataInputStream(new BufferedInputStream(process.getInputStream(), BUFFER_BYTES));
        DecoderWatch watch = new DecoderWatch(process, START_SECONDS);
        try {
            Wire.readReady(replies);
        } catch (IOException e) {
            throw notStarted("it " + DecoderEnd.describe(status(), words.last()), e);
        } finally {
            watch.close();
        }
    }

    private static GlossaException notStarted(String found, Exception why) {
        return GlossaException.resource("Cannot start a decoder: found that " + found
                        + ", expected a process of this JVM's java (--set decoding=in-process needs none)")
                .causedBy(why);
    }

    /**
     * What a file decodes to, or a reject whose code {@link RejectCode#endsDecoder}: then no more may be asked of this helper.
     *
     * @throws GlossaException of type RESOURCE if this thread was interrupted
     */
    Decoded decode(byte[] bytes, DecodeOptions options) {
        words.clear();
        DecoderWatch watch = new DecoderWatch(process, limits.cpuSeconds(bytes.length, options));
        try {
            Wire.write(requests, new Wire.Request(bytes, options));
            return Wire.readDecoded(replies, (long) (options.maxSeconds() * AudioDecoder.SAMPLE_RATE));
        } catch (Wire.NonsenseException e) {
            return new Decoded.Reject(RejectCode.DECODER_DIED, "its decoder sends " + e.getMessage());
        } catch (IOException e) {
            int status = status();
            return watch.overran() ? watch.reject() : DecoderEnd.of(status, words.last(), limits);
        } finally {
            watch.close();
        }
    }

    /** Waits for the end of a helper whose pipes are closed. */
    private int status() {
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            int status = process.waitFor();
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            return status;
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw GlossaException.resource("Cannot decode a file: the task was ended meanwhile")
                    .causedBy(e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Begins to count the time in which nothing is asked of it. */
    void rest() {
        idleSince = System.nanoTime();
    }

    double idleSeconds() {
        return (System.nanoTime() - idleSince) / NANOS;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
