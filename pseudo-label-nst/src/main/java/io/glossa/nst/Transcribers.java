package io.glossa.nst;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The open transcribers of this process: they go from task to task, since one that is new first makes a program for each
 * length, which takes longer than a small task's speech. One on the processor is for one task at a time, one on a GPU for
 * all tasks with this GPU. They are of one teacher; another's are closed when it comes.
 */
final class Transcribers {
    /** By how many tasks each is used. */
    private static final Map<Transcriber, Integer> TASKS = new LinkedHashMap<>();

    /** No longer for new tasks. */
    private static final Set<Transcriber> FAILED = new HashSet<>();

    private Transcribers() {}

    /** A transcriber for a task that has this GPU, until it is given back. */
    static Transcriber borrow(Teacher teacher, String gpu) {
        synchronized (TASKS) {
            List.copyOf(TASKS.keySet()).stream()
                    .filter(other -> !other.teacher().equals(teacher))
                    .forEach(Transcribers::closeIfIdle);
            Transcriber found = TASKS.keySet().stream()
                    .filter(one -> one.serves(teacher, gpu) && !FAILED.contains(one))
                    .filter(one -> one.isShared() || TASKS.get(one) == 0)
                    .findFirst()
                    .orElseGet(() -> Transcriber.open(teacher, gpu));
            TASKS.merge(found, 1, Integer::sum);
            return found;
        }
    }

    /** After a task that went well. */
    static void giveBack(Transcriber transcriber) {
        synchronized (TASKS) {
            TASKS.merge(transcriber, -1, Integer::sum);
            if (FAILED.contains(transcriber)) {
                closeIfIdle(transcriber);
            }
        }
    }

    /** After a task that failed, perhaps with its device: closed as soon as no task has it, and for no new one. */
    static void giveUp(Transcriber transcriber) {
        synchronized (TASKS) {
            FAILED.add(transcriber);
            giveBack(transcriber);
        }
    }

    /** Closes those that no task has. */
    static void closeIdle() {
        synchronized (TASKS) {
            List.copyOf(TASKS.keySet()).forEach(Transcribers::closeIfIdle);
        }
    }

    private static void closeIfIdle(Transcriber transcriber) {
        if (TASKS.get(transcriber) == 0) {
            TASKS.remove(transcriber);
            FAILED.remove(transcriber);
            transcriber.close();
        }
    }
}
