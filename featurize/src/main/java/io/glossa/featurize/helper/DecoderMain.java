package io.glossa.featurize.helper;

import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.featurize.decode.AudioDecoder;
import io.glossa.featurize.decode.DecodeOptions;
import io.glossa.featurize.decode.Decoded;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.concurrent.SynchronousQueue;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.swresample;
import org.bytedeco.javacpp.Loader;

/**
 * A helper: decodes the files that come on its standard input, one after the other, and writes what they decode to to
 * descriptor 3. It ends, whatever it is doing, when its input does, which is when the process that started it is gone.
 */
final class DecoderMain {
    /** What a file and its samples may take before the memory is given back when it is done. */
    private static final int LARGE_BYTES = 16 << 20;

    private static final int BUFFER_BYTES = 1 << 16;

    private DecoderMain() {}

    /** What decodes a file. */
    interface Decoder {
        Decoded decode(byte[] bytes, DecodeOptions options);
    }

    public static void main(String[] args) {
        serve(AudioDecoder::decode);
    }

    /** Never returns. */
    static void serve(Decoder decoder) {
        try (DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(new FileOutputStream("/proc/self/fd/3"), BUFFER_BYTES))) {
            Loader.load(avformat.class);
            Loader.load(avcodec.class);
            Loader.load(swresample.class);
            SynchronousQueue<Wire.Request> requests = new SynchronousQueue<>();
            Thread reader = new Thread(() -> read(requests), "requests");
            reader.setDaemon(true);
            reader.start();
            Wire.writeReady(out);
            while (true) {
                if (answer(decoder, requests.take(), out) > LARGE_BYTES) {
                    System.gc();
                }
            }
        } catch (Throwable e) {
            end(e);
        }
    }

    /** How many bytes it took. */
    private static long answer(Decoder decoder, Wire.Request request, DataOutputStream out) throws IOException {
        Decoded decoded = decoder.decode(request.bytes(), request.options());
        Wire.write(out, decoded);
        long samples = decoded instanceof Decoded.Ok ok ? ok.samples().length : 0;
        return request.bytes().length + samples * Float.BYTES;
    }

    private static void read(SynchronousQueue<Wire.Request> requests) {
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(new FileInputStream(FileDescriptor.in), BUFFER_BYTES))) {
            while (true) {
                requests.put(Wire.readRequest(in));
            }
        } catch (IOException e) {
            Runtime.getRuntime().halt(0);
        } catch (Throwable e) {
            end(e);
        }
    }

    private static void end(Throwable why) {
        why.printStackTrace();
        boolean memory = why instanceof OutOfMemoryError
                || why instanceof GlossaException known && known.type() == ErrorType.RESOURCE;
        Runtime.getRuntime().halt(memory ? DecoderEnd.OUT_OF_MEMORY : DecoderEnd.FAILED);
    }
}
