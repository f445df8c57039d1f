package io.glossa.trainer.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CharsMapTest {
    private static final int SEED = 5;

    @Test
    void whatIsCutOffOrPointsOutsideIsRefused() throws IOException {
        byte[] whole = map();
        List<byte[]> damaged = List.of(
                new byte[] {1, 2, 3},
                blob(Integer.MAX_VALUE - 3),
                blob(Integer.MIN_VALUE),
                blob(-4),
                blob(6, 0, 0),
                Arrays.copyOf(whole, whole.length / 2),
                Arrays.copyOf(
                        whole,
                        ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getInt() + Integer.BYTES),
                blob(4, 1 << 10 | 1 << 8),
                blob(8, 1 << 10 | 1 << 8, Integer.MIN_VALUE | 7));
        assertThat(damaged)
                .allSatisfy(blob -> assertThatThrownBy(() -> CharsMap.of(blob))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageStartingWith("the map of characters is "));
        byte[] model = new WireWriter()
                .message(3, new WireWriter().text(2, "\u007F\u007F\u007F\u007F"))
                .toBytes();
        assertThatThrownBy(() -> SentencePiece.of(model))
                .isInstanceOfSatisfying(
                        GlossaException.class, error -> assertThat(error.type()).isEqualTo(ErrorType.DATA))
                .hasMessageContaining("expected a .model file of SentencePiece");
    }

    /** Or is another map, if nobody can tell. */
    @Test
    void aDamagedMapIsRefused() throws IOException {
        System.out.println("seed " + SEED);
        Random random = new Random(SEED);
        byte[] whole = map();
        byte[] text =
                Utf8.bytes(String.join(" ", SentencePieceTest.lines("lines.txt").subList(0, 300)));
        int refused = 0;
        for (int i = 0; i < 20; i++) {
            byte[] damaged = whole.clone();
            for (int flip = 0; flip < 50; flip++) {
                damaged[4 + random.nextInt(whole.length - 4)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                CharsMap map = CharsMap.of(damaged);
                int[] length = new int[1];
                for (int at = 0; at < text.length; at++) {
                    assertThat(map.replacement(text, at, length)).isNotNull();
                }
            } catch (IllegalArgumentException e) {
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    private static byte[] blob(int length, int... units) {
        ByteBuffer blob =
                ByteBuffer.allocate(Integer.BYTES * (1 + units.length)).order(ByteOrder.LITTLE_ENDIAN);
        blob.putInt(length).asIntBuffer().put(units);
        return blob.array();
    }

    /** That of a model which SentencePiece made. */
    private static byte[] map() throws IOException {
        return field(field(SentencePieceTest.fixture("unigram.model"), 3), 2);
    }

    private static byte[] field(byte[] message, int number) {
        WireReader in = new WireReader(message);
        while (in.next() != number) {
            in.skip();
        }
        return in.bytes();
    }
}
