package io.glossa.trainer.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Builder;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Op;
import io.glossa.trainer.ir.Type;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RepetitionsTest {
    private final Builder builder = new Builder();
    private final Node x = builder.input("x", Attr.Role.BATCH, Type.f32(3));
    private final Node exp = node(Op.EXP, x);
    private final Node saved = node(Op.SAVED, exp);
    private final Node sin = node(Op.SIN, exp);
    private final Node sinAgain = node(Op.SIN, saved);

    @Test
    void whatIsComputedAgainFromSavedValuesIsFoundOverAnyDistance() {
        Node cos = node(Op.COS, sin);
        Node cosAgain = node(Op.COS, sinAgain);
        Repetitions repetitions = repetitions(cos, cosAgain);

        assertThat(repetitions.original(saved)).isSameAs(exp);
        assertThat(repetitions.original(sinAgain)).isSameAs(sin);
        assertThat(repetitions.original(cosAgain)).isSameAs(cos);
        assertThat(repetitions.original(cos)).isSameAs(cos);
    }

    @Test
    void whatNobodyComputedBeforeIsItsOwnOriginal() {
        Node only = node(Op.COS, sinAgain);
        Repetitions repetitions = repetitions(sin, only);

        assertThat(repetitions.original(sinAgain)).isSameAs(sin);
        assertThat(repetitions.original(only)).isSameAs(only);
    }

    @Test
    void otherInputsAreNoRepetition() {
        Node sum = node(Op.ADD, sin, exp);
        Node other = node(Op.ADD, sinAgain, x);
        Repetitions repetitions = repetitions(sum, other);

        assertThat(repetitions.original(other)).isSameAs(other);
    }

    private Node node(Op op, Node... inputs) {
        return builder.node(op, List.of(inputs), Attr.NONE);
    }

    private Repetitions repetitions(Node one, Node two) {
        return new Repetitions(Graph.of(builder, Map.of("one", one, "two", two)));
    }
}
