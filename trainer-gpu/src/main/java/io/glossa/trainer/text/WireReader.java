package io.glossa.trainer.text;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The fields of a protobuf message, one after another; what is not asked for is passed over. */
final class WireReader {
    private static final int TYPE_BITS = 3;
    private static final int LONGEST_VARINT = 10;

    private final ByteBuffer in;
    private int type;
    private int field;

    WireReader(byte[] message) {
        in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Goes to the next field, whose value is to be read or skipped.
     *
     * @return its number; 0 at the end
     * @throws IllegalArgumentException or {@link BufferUnderflowException}, as all that reads, if this is no message
     */
    int next() {
        if (!in.hasRemaining()) {
            return 0;
        }
        int tag = (int) varint();
        type = tag & (1 << TYPE_BITS) - 1;
        field = tag >>> TYPE_BITS;
        if (field == 0) {
            throw new IllegalArgumentException("a field has no number");
        }
        return field;
    }

    long number() {
        require(0);
        return varint();
    }

    boolean bool() {
        return number() != 0;
    }

    float real() {
        require(5);
        return in.getFloat();
    }

    byte[] bytes() {
        require(2);
        long length = varint();
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException(
                    "field " + field + " has " + length + " bytes, of which " + in.remaining() + " are there");
        }
        byte[] value = new byte[(int) length];
        in.get(value);
        return value;
    }

    String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    void skip() {
        switch (type) {
            case 0 -> varint();
            case 1 -> in.getLong();
            case 2 -> bytes();
            case 5 -> in.getInt();
            default -> throw new IllegalArgumentException("field " + field + " is of type " + type);
        }
    }

    private void require(int expected) {
        if (type != expected) {
            throw new IllegalArgumentException("field " + field + " is of type " + type + ", expected " + expected);
        }
    }

    private long varint() {
        long value = 0;
        for (int i = 0; i < LONGEST_VARINT; i++) {
            byte next = in.get();
            value |= (next & 0x7FL) << 7 * i;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number has more than " + LONGEST_VARINT + " bytes");
    }
}
