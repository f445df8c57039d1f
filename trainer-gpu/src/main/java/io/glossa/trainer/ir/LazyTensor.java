package io.glossa.trainer.ir;

import java.util.function.Supplier;

/** A tensor of a known type whose value is made when it is asked for: all of a model's together may fill a heap. */
public record LazyTensor(Type type, Supplier<HostTensor> maker) {
    /** One that is there already. */
    public static LazyTensor of(HostTensor value) {
        return new LazyTensor(value.type(), () -> value);
    }

    public HostTensor value() {
        return maker.get();
    }
}
