package io.glossa.trainer.ir;

/** The element type of a tensor. */
public enum DType {
    F32(4, "float"),
    I32(4, "int32_t"),
    BOOL(1, "uint8_t"),
    /** The upper half of an F32: how values are kept and multiplied, never how they are added up. */
    BF16(2, "gl_bf16"),
    /** A quarter of an F32 (see {@link F8}): operands of products, and nothing else. */
    F8(1, "gl_f8");

    private final int bytes;
    private final String cpp;

    DType(int bytes, String cpp) {
        this.bytes = bytes;
        this.cpp = cpp;
    }

    /** Whether Java holds values of this type as float, else as int. */
    public boolean isFloat() {
        return this == F32 || this == BF16 || this == F8;
    }

    public int bytes() {
        return bytes;
    }

    /** The C++ type of one stored element. */
    public String cpp() {
        return cpp;
    }
}
