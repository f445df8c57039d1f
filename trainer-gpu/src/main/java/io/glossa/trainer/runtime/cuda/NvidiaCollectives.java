package io.glossa.trainer.runtime.cuda;

import java.util.ArrayList;
import java.util.List;

/**
 * What GPUs do together, on a stream of its own beside that of work: begun when work so far is done, one after the other in the
 * order in which all ranks begin them.
 */
final class NvidiaCollectives implements AutoCloseable {
    private static final int NON_BLOCKING = 1;
    private static final int WITHOUT_TIME = 2;

    private final Driver driver;
    private final Nccl ranks;
    private final long work;
    private final long beside;
    private final long ready;
    private final List<Long> ended = new ArrayList<>();

    /** @param work the stream whose results ranks exchange */
    NvidiaCollectives(Driver driver, Nccl ranks, long work) {
        this.driver = driver;
        this.ranks = ranks;
        this.work = work;
        beside = driver.handle("make a stream", "cuStreamCreate", NON_BLOCKING);
        ready = event();
    }

    /** @param number of those of one program, from 0 */
    void begin(int number, Gpu.Collective collective) {
        driver.call("begin what GPUs do together", "cuEventRecord", ready, work);
        driver.call("begin what GPUs do together", "cuStreamWaitEvent", beside, ready, 0);
        ranks.begin(collective, beside);
        while (ended.size() <= number) {
            ended.add(event());
        }
        driver.call("begin what GPUs do together", "cuEventRecord", ended.get(number), beside);
    }

    /** Work from now on waits for one of those begun, and so for all before it. */
    void await(int number) {
        driver.call("wait for what GPUs do together", "cuStreamWaitEvent", work, ended.get(number), 0);
    }

    private long event() {
        return driver.handle("make an event", "cuEventCreate", WITHOUT_TIME);
    }

    /** Has what is under way end, whatever other ranks do; from any thread. */
    void abandon() {
        ranks.abort();
    }

    @Override
    public void close() {
        ended.forEach(event -> driver.tried("cuEventDestroy_v2", event));
        driver.tried("cuEventDestroy_v2", ready);
        ranks.close();
        driver.tried("cuStreamDestroy_v2", beside);
    }
}
