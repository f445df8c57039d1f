package io.glossa.trainer.ir;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SimplifyTest {
    private final Builder builder = new Builder();
    private final Node half = builder.input("half", Attr.Role.BATCH, new Type(DType.BF16, Shape.of(4, 6)));
    private final Node whole = builder.input("whole", Attr.Role.BATCH, Type.f32(4, 6));

    @Test
    void whatWasMadeWiderIsWhatItWasBefore() {
        Node wide = cast(half, DType.F32);
        assertThat(cast(wide, DType.BF16)).isSameAs(half);
        assertThat(cast(reshape(wide), DType.BF16)).isSameAs(reshape(half));
    }

    @Test
    void whatWasRoundedStaysSo() {
        Node rounded = cast(whole, DType.BF16);
        Node again = cast(rounded, DType.F32);
        assertThat(again).isNotSameAs(whole);
        assertThat(cast(reshape(again), DType.BF16)).isSameAs(reshape(rounded));
        assertThat(cast(reshape(whole), DType.BF16).op()).isEqualTo(Op.CAST);
    }

    @Test
    void whatLiesBetweenZerosIsWhatItWasBefore() {
        Node padded = builder.node(Op.PAD, List.of(whole), new Attr.Bounds(List.of(1, 0), List.of(2, 0)));
        assertThat(slice(padded, 1, 5)).isSameAs(whole);
        assertThat(slice(padded, 0, 4).op()).isEqualTo(Op.SLICE);
        assertThat(slice(padded, 1, 4).op()).isEqualTo(Op.SLICE);
    }

    private Node slice(Node x, int low, int high) {
        return builder.node(Op.SLICE, List.of(x), new Attr.Bounds(List.of(low, 0), List.of(high, 6)));
    }

    private Node cast(Node x, DType to) {
        return builder.node(Op.CAST, List.of(x), new Attr.Cast(to));
    }

    private Node reshape(Node x) {
        return builder.node(Op.RESHAPE, List.of(x), new Attr.Target(Shape.of(24)));
    }
}
