// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TurnsTest {
    private final List<String> order = new CopyOnWriteArrayList<>();

    @Test
    @DisplayName("one works at a time, in order, whenever the one before it passes the turn on")
    void inOrder() throws Exception {
        Turns turns = new Turns(3);

        Together.nanos(
                3,
                i -> turns.take(i, turn -> {
                    for (int slice = 0; slice < 2; slice++) {
                        order.add(i + "." + slice);
                        turn.pass();
                    }
                }));

        assertThat(order).containsExactly("0.0", "1.0", "2.0", "0.1", "1.1", "2.1");
    }

    @Test
    @DisplayName("one that is done, or failed, is passed over")
    void passedOver() throws Exception {
        Turns turns = new Turns(3);

        Together.nanos(3, i -> {
            try {
                turns.take(i, turn -> {
                    order.add(i + ".0");
                    turn.pass();
                    if (i == 1) {
                        throw new IllegalStateException("the second fails in its second turn");
                    }
                    order.add(i + ".1");
                    turn.pass();
                    order.add(i + ".2");
                });
            } catch (IllegalStateException e) {
                order.add(i + ".failed");
            }
        });

        assertThat(order).containsSubsequence("0.0", "1.0", "2.0", "0.1", "2.1", "0.2", "2.2");
        assertThat(order).contains("1.failed").doesNotContain("1.1");
    }

    @Test
    @DisplayName("what the others do in their turns is not counted")
    void clockStands() throws Exception {
        Load load = new Load(50, 1);
        LapClock clock = new LapClock(load, () -> sleep(10));

        clock.begin();
        for (int i = 0; i < load.steps(); i++) {
            clock.done(i);
        }
        Laps laps = clock.laps();

        // 49 turns of others take 490 ms; what is left is next to nothing.
        assertThat(laps.whole()).isLessThan(200_000_000);
        assertThat(laps.first()).isPositive();
        assertThat(laps.last()).isPositive();
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
