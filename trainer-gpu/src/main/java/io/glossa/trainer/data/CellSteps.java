package io.glossa.trainer.data;

/** A plan read the other way round: in which step of its epoch each utterance is, cell by cell. Not for several threads. */
public final class CellSteps {
    private final Census census;
    private final BatchPlan plan;

    /** By bucket; made when it is first asked for. */
    private final long[][] before;

    private BatchPlan.Window window;
    private int[] ofWindow;

    /** @param plan by this census */
    public CellSteps(Census census, BatchPlan plan) {
        this.census = census;
        this.plan = plan;
        before = new long[census.buckets()][];
    }

    /** The step, from 0, of each utterance of a cell, in the order of the cell. */
    public int[] of(int bucket, int block) {
        if (before[bucket] == null) {
            before[bucket] = plan.beforeCells(bucket);
        }
        int[] steps = new int[census.count(bucket, block)];
        for (int i = 0; i < steps.length; i++) {
            long position = before[bucket][block] + i;
            BatchPlan.Window at = plan.windowAt(bucket, position);
            if (!at.equals(window)) {
                window = at;
                ofWindow = plan.stepsOf(at);
            }
            steps[i] = ofWindow[(int) (position - plan.before(at))];
        }
        return steps;
    }
}
