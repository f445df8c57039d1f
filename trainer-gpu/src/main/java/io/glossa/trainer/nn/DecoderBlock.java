package io.glossa.trainer.nn;

import io.glossa.trainer.ir.Tensor;

/** A block of a Transformer decoder (Vaswani et al. 2017, §3.1), layer norm first: x is what it says of places in a text. */
final class DecoderBlock {
    private final Attention self;
    private final Attention cross;
    private final FeedForward ff;

    DecoderBlock(Scope at, ModelConfig config) {
        self = new Attention(at.child("self"), config);
        cross = new Attention(at.child("cross"), config);
        ff = new FeedForward(at.child("ff"), config);
    }

    /** What it takes of an encoder's frames [B, T, d]. */
    KeysAndValues memory(Tensor frames) {
        return new KeysAndValues(cross.keys(frames), cross.values(frames));
    }

    /** What it takes of the places x [B, U, d] themselves. */
    KeysAndValues past(Tensor x) {
        Tensor normalised = self.normalised(x);
        return new KeysAndValues(self.keys(normalised), self.values(normalised));
    }

    /**
     * @param x [B, U, d]
     * @param past of the places that x may see
     * @param seen BOOL [1, U, places]: which sees which
     * @param real BOOL [B, 1, T]: which frames are within their utterance
     */
    Tensor apply(Tensor x, KeysAndValues past, Tensor seen, KeysAndValues memory, Tensor real) {
        Tensor y = x.add(self.apply(self.normalised(x), past.keys(), past.values(), seen));
        y = y.add(cross.apply(cross.normalised(y), memory.keys(), memory.values(), real));
        return y.add(ff.apply(y));
    }
}
