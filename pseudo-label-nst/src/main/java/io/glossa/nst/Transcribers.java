package io.glossa.nst;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The open transcribers of this process: they go from task to task, since one that is new first makes a program for each
 * length, which takes longer than a small task's speech. They are of one teacher; another's close them.
 */
final class Transcribers {
    private static final Deque<Transcriber> IDLE = new ArrayDeque<>();

    private Transcribers() {}

    /** A transcriber for one task alone, until it is given back. */
    static Transcriber borrow(Teacher teacher) {
        synchronized (IDLE) {
            if (!IDLE.isEmpty() && !IDLE.peek().teacher().equals(teacher)) {
                closeIdle();
            }
            if (!IDLE.isEmpty()) {
                return IDLE.pop();
            }
        }
        return Transcriber.open(teacher);
    }

    static void giveBack(Transcriber transcriber) {
        synchronized (IDLE) {
            if (!IDLE.isEmpty() && !IDLE.peek().teacher().equals(transcriber.teacher())) {
                transcriber.close();
            } else {
                IDLE.push(transcriber);
            }
        }
    }

    /** Closes those that no task has. */
    static void closeIdle() {
        synchronized (IDLE) {
            IDLE.forEach(Transcriber::close);
            IDLE.clear();
        }
    }
}
