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
    private final ThreadPoolExecutor others;

    /** @param count at least 1, which is the one that gives the tasks alone */
    FeatureThreads(int count) {
        others = count == 1
                ? null
                : new ThreadPoolExecutor(
                        count - 1,
                        count - 1,
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
        if (others == null) {
            task.run();
        } else {
            others.execute(task);
        }
    }

    @Override
    public void close() {
        if (others != null) {
            others.shutdownNow();
        }
    }
}
