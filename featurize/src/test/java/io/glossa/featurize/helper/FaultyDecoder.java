package io.glossa.featurize.helper;

import io.glossa.featurize.decode.AudioDecoder;
import io.glossa.featurize.decode.DecodeOptions;
import io.glossa.featurize.decode.Decoded;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** A helper in which files that end with a word do what a fault in FFmpeg would. */
final class FaultyDecoder {
    private static final int BLOCK = 1 << 20;

    private FaultyDecoder() {}

    public static void main(String[] args) {
        DecoderMain.serve(FaultyDecoder::decode);
    }

    /** A file with a fault's name behind its last byte, where FFmpeg does not look. */
    static byte[] marked(byte[] file, String fault) {
        byte[] word = fault.getBytes(StandardCharsets.US_ASCII);
        byte[] both = Arrays.copyOf(file, file.length + word.length);
        System.arraycopy(word, 0, both, file.length, word.length);
        return both;
    }

    private static Decoded decode(byte[] bytes, DecodeOptions options) {
        String end =
                new String(bytes, Math.max(0, bytes.length - 8), Math.min(8, bytes.length), StandardCharsets.US_ASCII);
        switch (end) {
            case "<segv>  " -> new BytePointer(new Address(8)).put((byte) 1);
            case "<kill>  " -> signal("KILL");
            case "<abrt>  " -> signal("ABRT");
            case "<hang>  " -> hang();
            case "<sleep> " -> sleep();
            case "<heap>  " -> fillHeap();
            case "<native>" -> fillNative();
            case "<throw> " -> throw new IllegalStateException("a decoder at a loss");
            default -> {}
        }
        return AudioDecoder.decode(bytes, options);
    }

    private static final class Address extends Pointer {
        Address(long value) {
            address = value;
        }
    }

    private static void signal(String name) {
        try {
            new ProcessBuilder(
                            "kill",
                            "-" + name,
                            Long.toString(ProcessHandle.current().pid()))
                    .start()
                    .waitFor();
            Thread.sleep(60_000);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void hang() {
        long turns = 0;
        while (turns >= 0) {
            turns = (turns + 1) & Long.MAX_VALUE;
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(Long.MAX_VALUE);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void fillHeap() {
        List<byte[]> all = new ArrayList<>();
        while (true) {
            all.add(new byte[BLOCK]);
        }
    }

    /** Until there is none, and then as code does that does not ask whether there is. */
    private static void fillNative() {
        while (true) {
            if (avutil.av_malloc(BLOCK) == null) {
                Pointer.memset(new Address(8), 1, BLOCK);
            }
        }
    }
}
