package io.glossa.trainer.ranks;

/** Why a rank cannot go on though nothing is wrong with it: another one ended. */
public final class LostRank extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param how it was noticed */
    public LostRank(String how) {
        super(how);
    }
}
