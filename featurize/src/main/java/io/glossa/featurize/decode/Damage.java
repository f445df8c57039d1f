package io.glossa.featurize.decode;

import io.glossa.featurize.RejectCode;

/** What was found wrong with a file while it was decoded: the first finding counts. */
final class Damage {
    private RejectCode code;
    private String detail;

    void note(RejectCode kind, String what) {
        if (code == null) {
            code = kind;
            detail = what;
        }
    }

    boolean found() {
        return code != null;
    }

    RejectCode code() {
        return code;
    }

    String detail() {
        return detail;
    }
}
