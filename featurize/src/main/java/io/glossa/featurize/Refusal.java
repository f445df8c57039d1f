package io.glossa.featurize;

/** Ends the decoding of one file; becomes a row of rejects. */
public final class Refusal extends Exception {
    private final RejectCode code;

    public Refusal(RejectCode code, String detail) {
        super(detail, null, false, false);
        this.code = code;
    }

    public RejectCode code() {
        return code;
    }
}
