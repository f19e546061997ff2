// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.tck.Linear.Op;
import dev.cairn.tck.Linear.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The search for an order, on histories of a register. */
class LinearTest {
    /** Writes a number, or reads one; or, if it expects one, writes only over that, and says whether it did. */
    private record Access(String what, int value, int expected, boolean done) {}

    private static final class Register implements Linear.Model<Integer, Access> {
        @Override
        public Integer initial() {
            return 0;
        }

        @Override
        public Optional<Integer> after(Integer state, Access access) {
            return switch (access.what()) {
                case "write" -> Optional.of(access.value());
                case "read" -> Optional.of(state).filter(now -> now == access.value());
                default -> {
                    boolean does = state == access.expected();
                    yield does == access.done() ? Optional.of(does ? access.value() : state) : Optional.empty();
                }
            };
        }
    }

    private static Op<Access> write(int value, long start, long end) {
        return new Op<>(new Access("write", value, 0, true), start, end);
    }

    private static Op<Access> read(int value, long start, long end) {
        return new Op<>(new Access("read", value, 0, true), start, end);
    }

    private static Op<Access> swap(int expected, int value, boolean done, long start, long end) {
        return new Op<>(new Access("swap", value, expected, done), start, end);
    }

    @SafeVarargs
    @SuppressWarnings("varargs") // the list is only read
    private static Linear.Found<Access> searched(Op<Access>... ops) {
        return searched(List.of(ops));
    }

    private static Linear.Found<Access> searched(List<Op<Access>> ops) {
        return Linear.search(new Register(), ops, () -> 0, 1);
    }

    @SafeVarargs
    @SuppressWarnings("varargs") // the list is only read
    private static Verdict verdict(Op<Access>... ops) {
        return searched(List.of(ops)).verdict();
    }

    @Test
    @DisplayName("what was done one after the other is read")
    void oneAfterTheOther() {
        assertThat(verdict(write(1, 1, 2), read(1, 3, 4))).isEqualTo(Verdict.LINEARIZABLE);
        assertThat(verdict(write(1, 1, 2), read(0, 3, 4))).isEqualTo(Verdict.NOT_LINEARIZABLE);
        assertThat(verdict()).isEqualTo(Verdict.LINEARIZABLE);
    }

    @Test
    @DisplayName("while a write is under way the old and the new value may be read, but not the new and then the old")
    void whileUnderWay() {
        assertThat(verdict(write(1, 1, 8), read(0, 2, 3), read(1, 4, 5))).isEqualTo(Verdict.LINEARIZABLE);
        assertThat(verdict(write(1, 1, 8), read(1, 2, 3), read(0, 4, 5))).isEqualTo(Verdict.NOT_LINEARIZABLE);
        assertThat(verdict(write(1, 1, 8), read(1, 2, 5), read(0, 3, 6))).isEqualTo(Verdict.LINEARIZABLE);
    }

    @Test
    @DisplayName("of two who change the same value one is told so")
    void twoWinners() {
        assertThat(verdict(swap(0, 1, true, 1, 4), swap(0, 2, false, 2, 3), read(1, 5, 6)))
                .isEqualTo(Verdict.LINEARIZABLE);
        assertThat(verdict(swap(0, 1, true, 1, 4), swap(0, 2, true, 2, 3))).isEqualTo(Verdict.NOT_LINEARIZABLE);
        assertThat(verdict(swap(0, 1, true, 1, 4), swap(0, 2, false, 5, 6), read(2, 7, 8)))
                .isEqualTo(Verdict.NOT_LINEARIZABLE);
    }

    @Test
    @DisplayName("the order has to be found among many, also where the first that fits leads nowhere")
    void wrongTurn() {
        assertThat(verdict(write(1, 1, 9), write(2, 2, 9), write(3, 3, 9), read(3, 10, 11), read(3, 12, 13)))
                .isEqualTo(Verdict.LINEARIZABLE);
        assertThat(verdict(write(1, 1, 9), write(2, 2, 9), read(1, 10, 13), read(2, 11, 12)))
                .isEqualTo(Verdict.NOT_LINEARIZABLE);
    }

    @Test
    @DisplayName("what is of unknown outcome may be done, late, or never, but once and not before it was sent")
    void unknownOutcome() {
        Op<Access> maybe = write(1, 3, Linear.NEVER);

        assertThat(verdict(maybe, read(0, 4, 5))).isEqualTo(Verdict.LINEARIZABLE);
        assertThat(verdict(maybe, read(1, 4, 5))).isEqualTo(Verdict.LINEARIZABLE);
        assertThat(verdict(maybe, read(0, 4, 5), read(1, 6, 7))).isEqualTo(Verdict.LINEARIZABLE);
        assertThat(verdict(maybe, read(1, 1, 2))).isEqualTo(Verdict.NOT_LINEARIZABLE);
        assertThat(verdict(maybe, read(1, 4, 5), read(0, 6, 7))).isEqualTo(Verdict.NOT_LINEARIZABLE);
        assertThat(verdict(maybe, read(1, 4, 5), write(2, 6, 7), read(1, 8, 9))).isEqualTo(Verdict.NOT_LINEARIZABLE);
    }

    @Test
    @DisplayName("who is not explained is named: the first that ended of those that no order reaches")
    void names() {
        Op<Access> stale = read(0, 5, 6);

        assertThat(searched(write(1, 1, 2), read(1, 3, 4), stale, read(1, 7, 8)).stuck())
                .contains(stale);
    }

    @Test
    @DisplayName("500 calls of 8 clients are ordered, and a deadline that is over leaves it unknown")
    void deadline() {
        List<Op<Access>> many = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            many.add(write(i, 8L * (i / 8), 8L * (i / 8) + 7));
        }
        long patience = Duration.ofMinutes(5).toNanos();
        AtomicLong late = new AtomicLong();

        assertThat(Linear.search(new Register(), many, System::nanoTime, patience)
                        .verdict())
                .isEqualTo(Verdict.LINEARIZABLE);
        assertThat(Linear.search(new Register(), many, late::incrementAndGet, 10)
                        .verdict())
                .isEqualTo(Verdict.UNKNOWN);
    }
}
