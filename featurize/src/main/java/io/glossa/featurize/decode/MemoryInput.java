package io.glossa.featurize.decode;

import static org.bytedeco.ffmpeg.global.avcodec.AV_INPUT_BUFFER_PADDING_SIZE;
import static org.bytedeco.ffmpeg.global.avformat.AVIO_SEEKABLE_NORMAL;
import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_SIZE;
import static org.bytedeco.ffmpeg.global.avformat.avio_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avio_context_free;
import static org.bytedeco.ffmpeg.global.avutil.av_free;
import static org.bytedeco.ffmpeg.global.avutil.av_malloc;

import io.glossa.error.GlossaException;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.Read_packet_Pointer_BytePointer_int;
import org.bytedeco.ffmpeg.avformat.Seek_Pointer_long_int;
import org.bytedeco.ffmpeg.avformat.Write_packet_Pointer_BytePointer_int;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * A file's bytes in native memory, behind FFmpeg's I/O interface.
 *
 * <p>The whole file is FFmpeg's read buffer: there is nothing to refill, so reading and seeking never call into Java. Only
 * the question for the size does, which FFmpeg puts to the seek callback; the size travels as the opaque pointer's value.
 */
final class MemoryInput implements AutoCloseable {
    private static final Seek_Pointer_long_int SIZE_ONLY = new Seek_Pointer_long_int() {
        @Override
        public long call(Pointer opaque, long offset, int whence) {
            return (whence & AVSEEK_SIZE) != 0 ? opaque.address() : -1;
        }
    };

    private final int size;
    private final AVIOContext context;

    MemoryInput(byte[] bytes) {
        size = bytes.length;
        Pointer memory = av_malloc(size + (long) AV_INPUT_BUFFER_PADDING_SIZE);
        if (memory == null) {
            throw GlossaException.resource(
                    "Cannot decode a file: no " + size + " bytes of native memory, expected at least its size");
        }
        BytePointer buffer = new BytePointer(memory);
        buffer.put(bytes, 0, size);
        Pointer.memset(buffer.getPointer(size), 0, AV_INPUT_BUFFER_PADDING_SIZE);
        context = avio_alloc_context(
                buffer,
                size,
                0,
                new Number(size),
                (Read_packet_Pointer_BytePointer_int) null,
                (Write_packet_Pointer_BytePointer_int) null,
                SIZE_ONLY);
        context.seekable(AVIO_SEEKABLE_NORMAL);
    }

    AVIOContext context() {
        return context;
    }

    /** The file's first byte, followed by the others and 64 zeros. */
    BytePointer bytes() {
        return context.buffer();
    }

    int size() {
        return size;
    }

    @Override
    public void close() {
        av_free(context.buffer());
        avio_context_free(context);
    }

    private static final class Number extends Pointer {
        Number(long value) {
            address = value;
        }
    }
}
