package io.glossa.nst;

import io.glossa.featurize.mel.FrontEndConfig;
import io.glossa.featurize.mel.LogMel;
import io.glossa.storage.Half;
import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.data.Buckets;
import io.glossa.trainer.data.Example;
import io.glossa.trainer.data.Utterance;
import io.glossa.trainer.objective.Objective;
import io.glossa.trainer.objective.SymbolTable;
import io.glossa.trainer.train.MemorySource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Audio of tones, a pitch for each character, and its features by a front end. */
final class Tones {
    /** Of one byte to four in UTF-8. */
    static final SymbolTable SYMBOLS = SymbolTable.ofText("aß€😀");

    private static final int TONE_SAMPLES = 3200;

    private final List<short[]> audio = new ArrayList<>();
    private final List<Utterance> utterances = new ArrayList<>();
    private final List<float[]> features = new ArrayList<>();

    Tones(FrontEndConfig frontEnd, int size, int seed) {
        Random random = new Random(seed);
        LogMel mel = LogMel.of(frontEnd);
        for (int i = 0; i < size; i++) {
            int[] labels = random.ints(3 + random.nextInt(3), 1, SYMBOLS.size()).toArray();
            short[] samples = new short[labels.length * TONE_SAMPLES + random.nextInt(1000)];
            float[] values = new float[samples.length];
            for (int n = 0; n < samples.length; n++) {
                boolean sounds = n / TONE_SAMPLES < labels.length && n % TONE_SAMPLES < 2400;
                double pitch = sounds ? 250 << labels[n / TONE_SAMPLES] : 0;
                samples[n] = (short) (8000 * Math.sin(2 * Math.PI * pitch * n / 16_000) + 100 * random.nextGaussian());
                values[n] = samples[n] / 32768f;
            }
            audio.add(samples);
            features.add(Half.decode(ByteBuffer.wrap(Half.encode(mel.compute(values)))));
            utterances.add(new Utterance("u" + i, mel.frames(samples.length), labels));
        }
    }

    Path wav(int index, Path file) throws IOException {
        short[] samples = audio.get(index);
        int bytes = 2 * samples.length;
        ByteBuffer wav = ByteBuffer.allocate(44 + bytes).order(ByteOrder.LITTLE_ENDIAN);
        wav.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + bytes);
        wav.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
        wav.putShort((short) 1).putShort((short) 1).putInt(16_000).putInt(32_000);
        wav.putShort((short) 2).putShort((short) 16);
        wav.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(bytes);
        wav.asShortBuffer().put(samples);
        return Files.write(file, wav.array());
    }

    Path logMels(int index, Path file) throws IOException {
        float[] values = features.get(index);
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return Files.write(file, bytes.array());
    }

    BatchSource source(Buckets buckets, Objective objective) {
        List<Example> examples = IntStream.range(0, utterances.size())
                .mapToObj(i -> new Example(utterances.get(i), Half.encode(features.get(i))))
                .toList();
        return MemorySource.of(1, examples, buckets, objective);
    }

    int size() {
        return utterances.size();
    }

    Utterance utterance(int index) {
        return utterances.get(index);
    }

    float[] features(int index) {
        return features.get(index);
    }
}
