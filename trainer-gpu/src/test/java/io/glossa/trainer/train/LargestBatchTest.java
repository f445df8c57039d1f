package io.glossa.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.glossa.config.ConfigBinder;
import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.trainer.autograd.Entry;
import io.glossa.trainer.autograd.Joint;
import io.glossa.trainer.autograd.Ranks;
import io.glossa.trainer.data.BatchSource;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.data.Synthetic;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.DType;
import io.glossa.trainer.nn.ModelConfig;
import io.glossa.trainer.objective.AdamW;
import io.glossa.trainer.objective.BestRq;
import io.glossa.trainer.objective.BestRqConfig;
import io.glossa.trainer.objective.ParameterGroups;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.DeviceMemory;
import io.glossa.trainer.runtime.ProgramMemory;
import io.glossa.trainer.runtime.Target;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LargestBatchTest {
    private static final BestRq OBJECTIVE = new BestRq(
            new ModelConfig(1, 8, 2, 12, 3, "chunk:6", ModelConfig.Convolution.CROSSING, Synthetic.MELS, 4),
            new BestRqConfig(2, 16, 4, 0.6, 0.06, 4, 0.1));
    private static final AdamW OPTIMIZER = new AdamW(0.01, 1);
    private static final int FRAMES = 80;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 17, 60})
    void isTheLastThatFits(int utterances) {
        long takes = bytes(utterances, OPTIMIZER);
        long next = bytes(utterances + 1, OPTIMIZER);
        for (long free : new long[] {takes, next - 1}) {
            LargestBatch found = LargestBatch.of(OBJECTIVE, FRAMES, OPTIMIZER, Entry.STEP, Ranks.ONLY, memory(free));
            assertThat(found.utterances()).isEqualTo(utterances);
            assertThat(found.memory().bytes()).isEqualTo(takes);
        }
    }

    @Test
    void isNoneWhereNotEvenOneFits() {
        long takes = bytes(1, OPTIMIZER);
        LargestBatch found = LargestBatch.of(OBJECTIVE, FRAMES, OPTIMIZER, Entry.STEP, Ranks.ONLY, memory(takes - 1));
        assertThat(found.utterances()).isZero();
        assertThat(found.memory().bytes()).isEqualTo(takes);
    }

    @Test
    void momentsInBf16TakeHalfTheMemoryOfMoments() {
        ProgramMemory exact = need(2, OPTIMIZER);
        ProgramMemory rounded = need(2, new AdamW(0.01, 1, DType.BF16, ParameterGroups.ALL));
        Trace trace = new Trace();
        Joint.graph(Program.training("test", t -> OBJECTIVE.trace(t, new Bucket(2, FRAMES)), OPTIMIZER), trace);
        long moments = trace.declared(Attr.Role.STATE).entrySet().stream()
                .filter(state -> state.getKey().startsWith("adam."))
                .mapToLong(state -> state.getValue().bytes())
                .sum();
        assertThat(exact.state() - rounded.state()).isEqualTo(moments / 2);
        assertThat(rounded.arena()).isCloseTo(exact.arena(), withinPercentage(5));
    }

    @Test
    void aTrainerRefusesABatchThatDoesNotFitAndNamesOneThatDoes() {
        long free = bytes(3, OPTIMIZER) + 1000;
        Device device = new SmallDevice(memory(free));
        TrainConfig config = config("8");
        assertThatThrownBy(() -> open(device, config))
                .isInstanceOfSatisfying(
                        GlossaException.class, error -> assertThat(error.type()).isEqualTo(ErrorType.USER))
                .hasMessageStartingWith("Cannot train in batches of 10 utterances of 80 frames: the program needs ")
                .hasMessageContaining(DeviceMemory.text(bytes(10, OPTIMIZER)) + " (state ")
                .hasMessageContaining("found " + DeviceMemory.text(free) + " free on the device")
                .hasMessageContaining("(batch-seconds=2, 3 of these utterances;");
        open(device, config("2")).close();
    }

    private static Trainer open(Device device, TrainConfig config) {
        BatchSource source = new Synthetic(41, 24, FRAMES, 3, 1).source(config.bucketTable(), OBJECTIVE);
        return Trainer.open(device, OBJECTIVE, source, config, new Start.Fresh());
    }

    private static TrainConfig config(String seconds) {
        return ConfigBinder.bind(
                TrainConfig.class, Map.of("batch-seconds", seconds, "buckets", "80"), TrainConfig.DEFAULTS);
    }

    private static DeviceMemory memory(long free) {
        return new DeviceMemory(free, Target.CPU, Compile.Options.DEFAULTS);
    }

    private static ProgramMemory need(int utterances, AdamW optimizer) {
        return LargestBatch.memory(
                        LargestBatch.training(OBJECTIVE, new Bucket(utterances, FRAMES), optimizer),
                        Entry.STEP,
                        Ranks.ONLY,
                        memory(0))
                .orElseThrow();
    }

    private static long bytes(int utterances, AdamW optimizer) {
        return need(utterances, optimizer).bytes();
    }
}
