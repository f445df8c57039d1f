package io.glossa.trainer.nn;

import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.ir.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A Transformer decoder (Vaswani et al. 2017) over an encoder's frames, as wide as they are: from the symbols so far to the next
 * one. Symbol 0 is before the first one of a text and behind the last.
 */
public final class TextDecoder {
    private final int width;
    private final Embedding embedding;
    private final List<DecoderBlock> blocks = new ArrayList<>();
    private final LayerNorm norm;
    private final Linear output;

    /** @param symbols with 0 */
    public TextDecoder(Scope at, ModelConfig config, int layers, int symbols) {
        width = config.dModel();
        embedding = new Embedding(at, symbols, width);
        for (int i = 0; i < layers; i++) {
            blocks.add(new DecoderBlock(at.child("blocks").child(i), config));
        }
        norm = new LayerNorm(at.child("norm"), width);
        output = Linear.head(at.child("output"), width, symbols);
    }

    /**
     * What each block takes of an encoder's frames [B, T, d], each with its place added: an encoder of relative positions does not
     * say where in the utterance a frame is, so that nothing else would tell one of two equal sounds from the other.
     */
    public List<KeysAndValues> memory(Tensor frames) {
        Tensor placed = frames.add(positions(frames, frames.dim(1)));
        return blocks.stream().map(block -> block.memory(placed)).toList();
    }

    /**
     * All places of texts at once.
     *
     * @param before I32 [B, U]: the symbol before each place
     * @param frames [B, T, d]
     * @param real BOOL [B, T]: which frames are within their utterance
     * @return logits of the symbol at each place, [B, U, V]
     */
    public Tensor apply(Tensor before, Tensor frames, Tensor real) {
        int places = before.dim(1);
        Tensor place = before.iota(1, places);
        Tensor seen = place.reshape(1, 1, places).less(place.add(1).reshape(1, places, 1));
        List<KeysAndValues> memory = memory(frames);
        Tensor x = embedding.apply(before).add(positions(frames, places));
        for (int i = 0; i < blocks.size(); i++) {
            DecoderBlock block = blocks.get(i);
            x = block.apply(x, block.past(x), seen, memory.get(i), perFrame(real));
        }
        return output.apply(norm.apply(x));
    }

    /**
     * One place of texts, after others.
     *
     * @param logits of the symbol at this place, [B, V]
     * @param past what each block took of the places so far, this one among them, [B, U, d]
     */
    public record Step(Tensor logits, List<KeysAndValues> past) {}

    /**
     * The next place of texts.
     *
     * @param before I32 [B]: the symbol before it
     * @param place I32 []: its number, from 0 on, less than U
     * @param past of the places before it, [B, U, d], what is behind meaning nothing
     * @param memory of the frames, [B, T, d]
     * @param real BOOL [B, T]
     */
    public Step next(Tensor before, Tensor place, List<KeysAndValues> past, List<KeysAndValues> memory, Tensor real) {
        int places = past.get(0).keys().dim(1);
        Tensor number = before.iota(1, places);
        Tensor here = number.equal(place).reshape(1, places, 1);
        Tensor seen = number.less(place.add(1)).reshape(1, 1, places);
        Tensor position = positions(past.get(0).keys(), places).gather(place.reshape(1));
        Tensor x = embedding.apply(before.reshape(-1, 1)).add(position);
        List<KeysAndValues> with = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            DecoderBlock block = blocks.get(i);
            KeysAndValues own = block.past(x);
            KeysAndValues so = past.get(i);
            with.add(new KeysAndValues(here.where(own.keys(), so.keys()), here.where(own.values(), so.values())));
            x = block.apply(x, with.get(i), seen, memory.get(i), perFrame(real));
        }
        return new Step(output.apply(norm.apply(x)).reshape(before.dim(0), -1), with);
    }

    /** Blocks. */
    public int layers() {
        return blocks.size();
    }

    /** [U, d]: of place u the sinusoids of a distance of -u. */
    private Tensor positions(Tensor any, int places) {
        HostTensor table = RelativeAttention.distances(new AttentionSpan(places, 0, places - 1), width);
        return any.data("positions." + places, table);
    }

    private static Tensor perFrame(Tensor real) {
        return real.reshape(real.dim(0), 1, real.dim(1));
    }
}
