package io.glossa.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.error.GlossaException;
import io.glossa.trainer.data.Cursor;
import io.glossa.trainer.ir.HostTensor;
import io.glossa.trainer.runtime.Staged;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UpcomingTest {
    private static final Cursor FIRST = Cursor.start(1, 2);
    private static final Cursor SECOND = FIRST.next(9);

    private final List<String> closed = Collections.synchronizedList(new ArrayList<>());

    @Test
    void aBatchIsMadeByAnotherThreadWhereItWasBegun() {
        try (Upcoming<Cursor> upcoming = new Upcoming<>()) {
            upcoming.begin(SECOND, () -> named(Thread.currentThread().getName()));
            assertThat(upcoming.take(SECOND, () -> named("late"))).hasToString("glossa-batches");
        }
        assertThat(closed).isEmpty();
    }

    @Test
    void aBatchThatNobodyBeganIsMadeNow() {
        try (Upcoming<Cursor> upcoming = new Upcoming<>()) {
            assertThat(upcoming.take(FIRST, () -> named("now"))).hasToString("now");
            upcoming.begin(SECOND, () -> named("other"));
            assertThat(upcoming.take(FIRST, () -> named("now"))).hasToString("now");
        }
        assertThat(closed).containsExactly("other");
    }

    @Test
    void whatFailsFailsTheStepThatNeedsIt() {
        try (Upcoming<Cursor> upcoming = new Upcoming<>()) {
            upcoming.begin(SECOND, () -> {
                throw GlossaException.data("Cannot read: it is broken");
            });
            assertThatThrownBy(() -> upcoming.take(SECOND, () -> named("late")))
                    .isInstanceOf(GlossaException.class)
                    .hasMessage("Cannot read: it is broken");
            upcoming.begin(SECOND, () -> {
                throw new IllegalStateException("unexpected");
            });
            assertThatThrownBy(() -> upcoming.take(SECOND, () -> named("late")))
                    .isInstanceOf(GlossaException.class)
                    .hasMessageContaining("unexpected");
            upcoming.begin(SECOND, () -> {
                throw GlossaException.data("nobody needs it");
            });
        }
    }

    private Staged named(String name) {
        return new Staged() {
            @Override
            public Map<String, HostTensor> values() {
                return Map.of();
            }

            @Override
            public void close() {
                closed.add(name);
            }

            @Override
            public String toString() {
                return name;
            }
        };
    }
}
