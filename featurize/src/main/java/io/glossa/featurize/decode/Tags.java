package io.glossa.featurize.decode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.ffmpeg.avcodec.AVPacket;

/** Titles, pictures and the like that are written around audio without being part of any container. */
final class Tags {
    private static final byte[] ID3V2 = ascii("ID3");
    private static final int ID3V2_HEADER = 10;
    private static final int ID3V2_FLAGS = 5;
    private static final int ID3V2_SIZE = 6;
    private static final int HAS_FOOTER = 0x10;
    private static final List<byte[]> MARKS =
            Stream.of("ID3", "TAG", "APETAGEX", "LYRICSBEGIN").map(Tags::ascii).toList();

    private Tags() {}

    /** The file behind its ID3v2 tags (ID3 2.4.0, section 3.1), which may hide from FFmpeg what it is; as it is without any. */
    static byte[] skip(byte[] file) {
        int at = 0;
        while (starts(file, at) && size(file, at) < file.length - at) {
            at += size(file, at);
        }
        return at == 0 ? file : Arrays.copyOfRange(file, at, file.length);
    }

    /** Whether what a demuxer took for audio is a tag, as where two files with tags were joined. */
    static boolean isTag(AVPacket packet) {
        return MARKS.stream().anyMatch(mark -> {
            if (packet.size() < mark.length) {
                return false;
            }
            byte[] start = new byte[mark.length];
            packet.data().get(start);
            return Arrays.equals(start, mark);
        });
    }

    private static boolean starts(byte[] file, int at) {
        return file.length - at > ID3V2_HEADER && Arrays.equals(file, at, at + ID3V2.length, ID3V2, 0, ID3V2.length);
    }

    private static int size(byte[] file, int at) {
        int size = 0;
        for (int i = 0; i < 4; i++) {
            size = size << 7 | file[at + ID3V2_SIZE + i] & 0x7f;
        }
        int footer = (file[at + ID3V2_FLAGS] & HAS_FOOTER) != 0 ? ID3V2_HEADER : 0;
        return ID3V2_HEADER + size + footer;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
