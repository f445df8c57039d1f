package io.glossa.trainer.train;

import io.glossa.trainer.data.Rank;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.trace.Trace;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * What comes of a model by CRC-32C as a rank has it, which is the same on all ranks however they share the optimizer's state: a bit that
 * only one of them has shows. Parameters of which each rank has its own part are left out, as there is nothing to compare them with.
 */
final class Checksums {
    /** Floats that are copied at once, in the nearest cache. */
    private static final int LINE = 1 << 12;

    private final State state;
    private final Set<String> names;
    private final int every;
    private final ByteBuffer bytes =
            ByteBuffer.allocateDirect(Float.BYTES * LINE).order(ByteOrder.nativeOrder());

    Checksums(State state, Trace declared, Rank rank, int every) {
        this.state = state;
        names = new LinkedHashSet<>(ModelTensors.model(declared).keySet());
        names.removeAll(declared.wholes().keySet());
        this.every = rank.count() == 1 ? 0 : every;
    }

    /** Tells it where training begins. */
    void begin(long step, StepListener listener) {
        if (every > 0) {
            listener.onChecksum(step, sum());
        }
    }

    /** Tells it when it is time. */
    void after(long step, boolean last, StepListener listener) {
        if (every > 0 && (step % every == 0 || last)) {
            listener.onChecksum(step, sum());
        }
    }

    private int sum() {
        CRC32C sum = new CRC32C();
        names.forEach(name -> add(sum, state.get(name).floats()));
        return (int) sum.getValue();
    }

    private void add(CRC32C sum, float[] values) {
        FloatBuffer floats = bytes.clear().asFloatBuffer();
        for (int at = 0; at < values.length; at += LINE) {
            int count = Math.min(LINE, values.length - at);
            floats.put(0, values, at, count);
            sum.update(bytes.clear().limit(Float.BYTES * count));
        }
    }
}
