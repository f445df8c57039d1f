package io.glossa.trainer.selftest;

import io.glossa.trainer.train.StepProfile;
import java.util.ArrayList;
import java.util.List;

/** Keeps the rows that a self-test finds. */
final class FoundRows implements SelfTest.Listener {
    final List<Row> rows = new ArrayList<>();
    final List<String> notes = new ArrayList<>();

    @Override
    public void begins(String checks) {}

    @Override
    public void found(Row row) {
        rows.add(row);
    }

    @Override
    public void measured(StepProfile profile) {}

    @Override
    public void note(String note) {
        notes.add(note);
    }
}
