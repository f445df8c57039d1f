package io.glossa.jobs;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

/** Tones in noise, of 0.8 to 1.9 s, the same at every call. */
public final class TestRecordings {
    private static final int RATE = 16_000;

    private TestRecordings() {}

    /** Writes {@code tone-0.wav} and so on into a folder. */
    public static void write(Path folder, int count) throws IOException {
        Files.createDirectories(folder);
        for (int i = 0; i < count; i++) {
            Random random = new Random(i);
            byte[] samples = new byte[2 * (RATE * 8 / 10 + random.nextInt(RATE))];
            double pitch = 200 + 100 * random.nextDouble();
            for (int n = 0; n < samples.length / 2; n++) {
                short sample = (short) (6000 * Math.sin(2 * Math.PI * pitch * n / RATE) + 500 * random.nextGaussian());
                samples[2 * n] = (byte) sample;
                samples[2 * n + 1] = (byte) (sample >> 8);
            }
            AudioFormat format = new AudioFormat(RATE, 16, 1, true, false);
            AudioSystem.write(
                    new AudioInputStream(new ByteArrayInputStream(samples), format, samples.length / 2),
                    AudioFileFormat.Type.WAVE,
                    folder.resolve("tone-" + i + ".wav").toFile());
        }
    }

    /** Writes them with a text beside each. */
    public static void writeWithTexts(Path folder, int count) throws IOException {
        write(folder, count);
        for (int i = 0; i < count; i++) {
            Files.writeString(folder.resolve("tone-" + i + ".txt"), i % 2 == 0 ? "a b" : "b a");
        }
    }
}
