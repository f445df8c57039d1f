package io.glossa.trainer.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NeedsTest {
    private static final int GROUPS = 12;

    /** Against Warshall's closure, after every new need, in whatever order needs come. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyNeedIsKnownAtOnce(int seed) {
        Random random = new Random(seed);
        Needs needs = new Needs();
        boolean[][] closure = new boolean[GROUPS][GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            assertThat(needs.enter()).isEqualTo(i);
        }
        for (int added = 0; added < 30; added++) {
            int user = 1 + random.nextInt(GROUPS - 1);
            int needed = random.nextInt(user);
            needs.add(user, needed);
            closure[user][needed] = true;
            close(closure);
            for (int i = 0; i < GROUPS; i++) {
                for (int j = 0; j < GROUPS; j++) {
                    assertThat(needs.reaches(i, j))
                            .as("%d to %d, seed %d", i, j, seed)
                            .isEqualTo(closure[i][j]);
                }
            }
        }
    }

    private static void close(boolean[][] closure) {
        for (int k = 0; k < GROUPS; k++) {
            for (int i = 0; i < GROUPS; i++) {
                for (int j = 0; j < GROUPS; j++) {
                    closure[i][j] |= closure[i][k] && closure[k][j];
                }
            }
        }
    }
}
