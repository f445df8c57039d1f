package io.glossa.trainer.selftest;

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
    public void note(String note) {
        notes.add(note);
    }
}
