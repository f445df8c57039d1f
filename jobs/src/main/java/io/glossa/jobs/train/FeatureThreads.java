package io.glossa.jobs.train;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * So many threads that do tasks, the one that gives them among them: it does one itself where the others have enough to do. So no
 * more than twice as many tasks are waiting or being done.
 */
final class FeatureThreads implements Executor, AutoCloseable {
    private final int count;
    private final ThreadPoolExecutor others;

    /** @param count at least 1: alone the one that gives the tasks */
    FeatureThreads(int count) {
        this.count = count;
        int beside = Math.max(1, count - 1); // none is started before it has something to do
        others = new ThreadPoolExecutor(
                beside,
                beside,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(count),
                FeatureThreads::thread,
                (task, full) -> task.run());
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "glossa-features");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void execute(Runnable task) {
        if (count == 1) {
            task.run();
        } else {
            others.execute(task);
        }
    }

    @Override
    public void close() {
        others.shutdownNow();
    }
}
