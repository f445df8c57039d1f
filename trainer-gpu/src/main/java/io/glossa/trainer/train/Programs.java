package io.glossa.trainer.train;

import io.glossa.trainer.autograd.Entry;
import io.glossa.trainer.autograd.Sharding;
import io.glossa.trainer.data.Bucket;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Type;
import io.glossa.trainer.runtime.Compile;
import io.glossa.trainer.runtime.Device;
import io.glossa.trainer.runtime.Executable;
import io.glossa.trainer.runtime.Staged;
import io.glossa.trainer.runtime.State;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;

/** One compiled program per bucket, made when it is first needed; all do the same of a step, and run on one state. */
final class Programs implements AutoCloseable {
    private record Compiled(Executable executable, Map<String, Type> inputs) {}

    private final BiFunction<Bucket, Trace, Executable> compile;
    private final Map<Bucket, Compiled> compiled = new ConcurrentHashMap<>();

    Programs(Device device, Function<Bucket, Program> programs, Entry entry, Sharding sharding) {
        this((bucket, trace) -> Compile.program(programs.apply(bucket), trace, entry, sharding, device));
    }

    /** @param compile makes what a bucket needs of an empty trace, and leaves in it what the program declares */
    Programs(BiFunction<Bucket, Trace, Executable> compile) {
        this.compile = compile;
    }

    /** Compiles the bucket's program unless it is there. */
    void prepare(Bucket bucket) {
        compiled.computeIfAbsent(bucket, b -> {
            Trace trace = new Trace();
            Executable executable = compile.apply(b, trace);
            return new Compiled(executable, trace.declared(Attr.Role.BATCH));
        });
    }

    /** @param values batch inputs, of which the program takes those that it declares */
    Map<String, HostTensor> run(Bucket bucket, State state, Map<String, HostTensor> values) {
        prepare(bucket);
        return compiled.get(bucket).executable().run(state, inputs(bucket, values));
    }

    /** Sends a batch on its way to the bucket's program, which is there. From any thread. */
    Staged stage(Bucket bucket, Map<String, HostTensor> values) {
        return compiled.get(bucket).executable().stage(inputs(bucket, values));
    }

    /** @param batch of the bucket's program */
    Map<String, HostTensor> run(Bucket bucket, State state, Staged batch) {
        return compiled.get(bucket).executable().run(state, batch);
    }

    /** Where a run on this state and batch first gets a value that is not finite. */
    Optional<String> firstNotFinite(Bucket bucket, State state, Map<String, HostTensor> values) {
        return compiled.get(bucket).executable().firstNotFinite(state, inputs(bucket, values));
    }

    private Map<String, HostTensor> inputs(Bucket bucket, Map<String, HostTensor> values) {
        Map<String, HostTensor> inputs = new HashMap<>(values);
        inputs.keySet().retainAll(compiled.get(bucket).inputs().keySet());
        return inputs;
    }

    /** Bytes of activations of the bucket that needs most, of those compiled. */
    long arenaBytes() {
        return compiled.values().stream()
                .mapToLong(c -> c.executable().arenaBytes())
                .max()
                .orElse(0);
    }

    @Override
    public void close() {
        compiled.values().forEach(c -> c.executable().close());
        compiled.clear();
    }
}
