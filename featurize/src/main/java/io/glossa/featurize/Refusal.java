package io.glossa.featurize;

/** Ends the decoding of one file; becomes a {@link Decoded.Reject}. */
final class Refusal extends Exception {
    private final RejectCode code;

    Refusal(RejectCode code, String detail) {
        super(detail, null, false, false);
        this.code = code;
    }

    RejectCode code() {
        return code;
    }
}
