package io.glossa.featurize.helper;

import io.glossa.featurize.RejectCode;
import io.glossa.featurize.decode.AudioInfo;
import io.glossa.featurize.decode.DecodeOptions;
import io.glossa.featurize.decode.Decoded;
import io.glossa.featurize.decode.RawFormat;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;

/** What a process and its helper say to each other: files one way, what they decode to the other. */
final class Wire {
    private static final int READY = 0x676c6f73;

    private static final int BLOCK_BYTES = 1 << 16;
    private static final int MOST_TEXT = 1 << 20;

    private Wire() {}

    /** What no helper says that is in its senses. */
    static final class NonsenseException extends IOException {
        private static final long serialVersionUID = 1L;

        NonsenseException(String what) {
            super(what);
        }
    }

    /** A file to be decoded. */
    record Request(byte[] bytes, DecodeOptions options) {}

    /** Says that a helper is ready, before all else. */
    static void writeReady(DataOutputStream out) throws IOException {
        out.writeInt(READY);
        out.flush();
    }

    static void readReady(DataInputStream in) throws IOException {
        if (in.readInt() != READY) {
            throw new NonsenseException("something else than that it is ready");
        }
    }

    static void write(DataOutputStream out, Request request) throws IOException {
        DecodeOptions options = request.options();
        out.writeBoolean(options.strict());
        out.writeDouble(options.maxSeconds());
        RawFormat raw = options.raw();
        writeText(out, raw == null ? null : raw.format());
        if (raw != null) {
            out.writeInt(raw.sampleRate());
            out.writeInt(raw.channels());
        }
        out.writeInt(request.bytes().length);
        out.write(request.bytes());
        out.flush();
    }

    static Request readRequest(DataInputStream in) throws IOException {
        boolean strict = in.readBoolean();
        double maxSeconds = in.readDouble();
        String format = readText(in);
        RawFormat raw = format == null ? null : new RawFormat(format, in.readInt(), in.readInt());
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return new Request(bytes, new DecodeOptions(strict, maxSeconds, raw));
    }

    static void write(DataOutputStream out, Decoded decoded) throws IOException {
        if (decoded instanceof Decoded.Reject reject) {
            writeText(out, reject.code().name());
            writeText(out, reject.detail());
        } else {
            Decoded.Ok ok = (Decoded.Ok) decoded;
            writeText(out, null);
            writeText(out, ok.info().container());
            writeText(out, ok.info().codec());
            out.writeInt(ok.info().sampleRate());
            out.writeInt(ok.info().channels());
            out.writeDouble(ok.info().durationSeconds());
            out.writeBoolean(ok.partial());
            writeText(out, ok.warning());
            writeSamples(out, ok.samples());
        }
        out.flush();
    }

    /**
     * What a helper made of a file.
     *
     * @param mostSamples more than a helper may send
     * @throws NonsenseException if it cannot be that
     */
    static Decoded readDecoded(DataInputStream in, long mostSamples) throws IOException {
        String code = readText(in);
        if (code != null) {
            return new Decoded.Reject(code(code), readText(in));
        }
        AudioInfo info = new AudioInfo(readText(in), readText(in), in.readInt(), in.readInt(), in.readDouble());
        boolean partial = in.readBoolean();
        String warning = readText(in);
        return new Decoded.Ok(readSamples(in, mostSamples), info, partial, warning);
    }

    private static RejectCode code(String name) throws IOException {
        try {
            return RejectCode.valueOf(name);
        } catch (IllegalArgumentException e) {
            throw new NonsenseException("the code '" + name + "'");
        }
    }

    /** In the machine's own order of bytes, as both ends are on it. */
    private static void writeSamples(DataOutputStream out, float[] samples) throws IOException {
        out.writeInt(samples.length);
        ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES).order(ByteOrder.nativeOrder());
        FloatBuffer floats = block.asFloatBuffer();
        for (int at = 0; at < samples.length; at += floats.position()) {
            floats.clear().put(samples, at, Math.min(floats.capacity(), samples.length - at));
            out.write(block.array(), 0, floats.position() * Float.BYTES);
        }
    }

    private static float[] readSamples(DataInputStream in, long most) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > most) {
            throw new NonsenseException(count + " samples, expected at most " + most);
        }
        float[] samples = new float[count];
        ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES).order(ByteOrder.nativeOrder());
        FloatBuffer floats = block.asFloatBuffer();
        for (int at = 0; at < count; at += floats.position()) {
            int now = Math.min(floats.capacity(), count - at);
            in.readFully(block.array(), 0, now * Float.BYTES);
            floats.clear().get(samples, at, now);
        }
        return samples;
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        if (text == null) {
            out.writeInt(-1);
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String readText(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length > MOST_TEXT) {
            throw new NonsenseException("a text of " + length + " bytes");
        }
        return length < 0 ? null : new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }
}
