package io.glossa.trainer.runtime.cuda;

import java.util.ArrayList;
import java.util.List;

/** Work that a stream of a GPU was given while it recorded, as graphs of the driver's. */
final class Recordings {
    /** Whatever is called while work is recorded may load code and take memory, as libraries do on their first call. */
    private static final int RELAXED = 2;

    /** The event is recorded each time that the graph runs, and anybody may look at it afterwards. */
    private static final int EXTERNAL = 1;

    private final Driver driver;
    private final long context;
    private final long stream;

    Recordings(Driver driver, long context, long stream) {
        this.driver = driver;
        this.context = context;
        this.stream = stream;
    }

    Gpu.Recording of(Runnable work) {
        long graph = recorded(work);
        return new Gpu.Recording() {
            @Override
            public void replay() {
                run(graph);
            }

            @Override
            public void close() {
                destroy(graph);
            }
        };
    }

    Gpu.Measured measured(List<Runnable> pieces) {
        List<Long> events = new ArrayList<>();
        try {
            for (int i = 0; i <= pieces.size(); i++) {
                events.add(driver.handle("make an event", "cuEventCreate", 0));
            }
            long graph = recorded(() -> {
                mark(events.get(0));
                for (int i = 0; i < pieces.size(); i++) {
                    pieces.get(i).run();
                    mark(events.get(i + 1));
                }
            });
            return new Clocked(graph, events);
        } catch (RuntimeException e) {
            destroyed(events);
            throw e;
        }
    }

    private void mark(long event) {
        driver.call("measure work", "cuEventRecordWithFlags", event, stream, EXTERNAL);
    }

    private final class Clocked implements Gpu.Measured {
        private final long graph;
        private final List<Long> events;

        Clocked(long graph, List<Long> events) {
            this.graph = graph;
            this.events = events;
        }

        @Override
        public double[] replay() {
            run(graph);
            driver.call("run on the GPU", "cuStreamSynchronize", stream);
            double[] seconds = new double[events.size() - 1];
            for (int i = 0; i < seconds.length; i++) {
                float[] milliseconds = new float[1];
                driver.call("measure work", "cuEventElapsedTime", milliseconds, events.get(i), events.get(i + 1));
                seconds[i] = milliseconds[0] * 1e-3;
            }
            return seconds;
        }

        @Override
        public void close() {
            destroy(graph);
            destroyed(events);
        }
    }

    private long recorded(Runnable work) {
        enter();
        driver.call("record work", "cuStreamBeginCapture_v2", stream, RELAXED);
        long[] graph = new long[1];
        try {
            work.run();
        } catch (RuntimeException e) {
            driver.tried("cuStreamEndCapture", stream, graph);
            driver.tried("cuGraphDestroy", graph[0]);
            throw e;
        }
        driver.call("record work", "cuStreamEndCapture", stream, graph);
        long replayed = driver.handle("record work", "cuGraphInstantiateWithFlags", graph[0], 0L);
        driver.call("record work", "cuGraphDestroy", graph[0]);
        return replayed;
    }

    private void run(long graph) {
        enter();
        driver.call("run on the GPU", "cuGraphLaunch", graph, stream);
    }

    private void enter() {
        driver.call("use the GPU", "cuCtxSetCurrent", context);
    }

    private void destroy(long graph) {
        driver.tried("cuCtxSetCurrent", context);
        driver.tried("cuGraphExecDestroy", graph);
    }

    private void destroyed(List<Long> events) {
        events.forEach(event -> driver.tried("cuEventDestroy_v2", event));
    }
}
