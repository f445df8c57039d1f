package io.glossa.jobs.report;

import io.glossa.error.GlossaException;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageIO;

/** A log-mel matrix as a picture: time to the right, pitch upwards, loud is bright. */
public final class Spectrogram {
    private static final int COLOURS = 256;
    private static final double QUIET = 0.02; // share of the cells that are drawn as black, and as white
    private static final int[] ANCHORS = {
        0x0b0a14, 0x20134a, 0x4b1a6e, 0x7d2474, 0xb13667, 0xdd5a52, 0xf58b4c, 0xfbc374, 0xfdf2c8
    };

    private Spectrogram() {}

    /**
     * A PNG of one pixel per frame and mel band.
     *
     * @param logmel [frames × mels], frame-major
     */
    public static byte[] png(float[] logmel, int mels) {
        int frames = logmel.length / mels;
        float[] sorted = logmel.clone();
        Arrays.sort(sorted);
        float low = sorted[(int) (sorted.length * QUIET)];
        float high = sorted[sorted.length - 1 - (int) (sorted.length * QUIET / 10)];
        BufferedImage image = new BufferedImage(frames, mels, BufferedImage.TYPE_BYTE_INDEXED, palette());
        WritableRaster raster = image.getRaster();
        for (int t = 0; t < frames; t++) {
            for (int m = 0; m < mels; m++) {
                float share = high > low ? (logmel[t * mels + m] - low) / (high - low) : 0;
                int colour = Math.round(Math.max(0, Math.min(1, share)) * (COLOURS - 1));
                raster.setSample(t, mels - 1 - m, 0, colour);
            }
        }
        return encode(image);
    }

    private static byte[] encode(BufferedImage image) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.setUseCache(false);
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw GlossaException.internal("Cannot write a picture to memory: " + e.getMessage())
                    .causedBy(e);
        }
        return out.toByteArray();
    }

    private static IndexColorModel palette() {
        int[] argb = new int[COLOURS];
        for (int i = 0; i < COLOURS; i++) {
            double position = i / (COLOURS - 1.0) * (ANCHORS.length - 1);
            int anchor = Math.min(ANCHORS.length - 2, (int) position);
            argb[i] = blend(ANCHORS[anchor], ANCHORS[anchor + 1], position - anchor);
        }
        return new IndexColorModel(8, COLOURS, argb, 0, false, -1, DataBuffer.TYPE_BYTE);
    }

    private static int blend(int from, int to, double share) {
        int colour = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int a = from >> shift & 0xff;
            int b = to >> shift & 0xff;
            colour |= (int) Math.round(a + (b - a) * share) << shift;
        }
        return colour;
    }
}
