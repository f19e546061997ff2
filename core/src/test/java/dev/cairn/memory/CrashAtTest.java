// SPDX-License-Identifier: Apache-2.0
package dev.cairn.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.spi.CommitId;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.EntryCodec;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Granted;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.StepCacheStore;
import dev.cairn.state.RunStatus;
import dev.cairn.state.StepOutcome;
import dev.cairn.state.StepRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CrashAtTest {
    private final InMemoryStateStore store = InMemoryStateStore.open(MovableClock.create());

    private static Entry step(Granted holder, long place, String key) {
        StepRecord record = new StepRecord(
                key,
                0,
                StepRecord.Grouping.SINGLE,
                0,
                StepRecord.Source.BODY,
                Instant.EPOCH,
                Duration.ZERO,
                new StepOutcome.Nothing());
        return Entry.of(
                holder.lease(),
                place,
                EntryKind.PLAIN,
                CommitId.of(holder.lease().id(), place),
                EntryCodec.encode(new EntryBody.Steps(List.of(record))));
    }

    @Test
    @DisplayName("CRASH-04 before the commit of a step, nothing of it reaches the store, and nothing after it")
    void beforeCommit() {
        StateStore mortal = CrashAt.beforeCommit("book").on(store);
        Granted holder = Sent.create(mortal, "r");
        Sent.append(mortal, step(holder, 1, "charge"));

        assertThatThrownBy(() -> Sent.append(mortal, step(holder, 2, "book")))
                .isInstanceOf(SimulatedCrash.class)
                .hasMessageContaining("before the commit of step book");

        assertThatThrownBy(() -> Sent.append(mortal, step(holder, 2, "mail"))).isInstanceOf(SimulatedCrash.class);
        assertThatThrownBy(() -> Sent.read(mortal, "r")).isInstanceOf(SimulatedCrash.class);
        assertThat(Sent.read(store, "r").entries()).hasSize(2);
    }

    @Test
    @DisplayName("CRASH-04 after the commit of a step it is in the store, and the caller does not know")
    void afterCommit() {
        StateStore mortal = CrashAt.afterCommit("book").on(store);
        Granted holder = Sent.create(mortal, "r");
        Entry book = step(holder, 1, "book");

        assertThatThrownBy(() -> Sent.append(mortal, book)).isInstanceOf(SimulatedCrash.class);

        assertThatThrownBy(mortal::facts).isInstanceOf(SimulatedCrash.class);
        assertThat(Sent.read(store, "r").entries()).last().isEqualTo(book);
    }

    @Test
    @DisplayName("CRASH-04 around the end of a run")
    void aroundTheEnd() {
        StateStore before = CrashAt.beforeEnd().on(store);
        StateStore after = CrashAt.afterEnd().on(store);
        Granted a = Sent.create(before, "a");
        Granted b = Sent.create(after, "b");

        assertThatThrownBy(() -> Sent.end(before, a, 1, RunStatus.COMPLETED)).isInstanceOf(SimulatedCrash.class);
        assertThatThrownBy(() -> Sent.end(after, b, 1, RunStatus.COMPLETED)).isInstanceOf(SimulatedCrash.class);

        assertThat(Sent.head(store, "a").status()).isEqualTo(RunStatus.READY);
        assertThat(Sent.head(store, "b").status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    @DisplayName("CAP-01 the store that dies keeps a step cache only if the one underneath does")
    void passesTheCacheThrough() {
        StateStore mortal = CrashAt.beforeEnd().on(store);
        StateStore without = CrashAt.beforeEnd()
                .on(dev.cairn.spi.SplitInMemoryStore.open(
                        dev.cairn.spi.StoreOptions.defaults(), MovableClock.create()));

        assertThat(mortal).isInstanceOf(StepCacheStore.class);
        assertThat(without).isNotInstanceOf(StepCacheStore.class);
    }

    @Test
    @DisplayName("LIFE-01 a dead process closes nothing")
    void deadCloseIsHarmless() {
        StateStore mortal = CrashAt.afterCommit("book").on(store);
        Granted holder = Sent.create(mortal, "r");
        assertThatThrownBy(() -> Sent.append(mortal, step(holder, 1, "book"))).isInstanceOf(SimulatedCrash.class);

        mortal.close();

        assertThat(Sent.read(store, "r").entries()).hasSize(2);
    }

    @Test
    @DisplayName("CLOCK-01 a clock that is moved forth, back and to a time; the store reads it in whole milliseconds")
    void movableClock() {
        MovableClock clock = MovableClock.at(Instant.EPOCH);
        clock.advance(Duration.ofSeconds(2));
        clock.putBack(Duration.ofNanos(1_500_000));

        Granted granted = Sent.create(InMemoryStateStore.open(clock), "r");

        assertThat(clock.instant()).isEqualTo(Instant.EPOCH.plusNanos(1_998_500_000));
        assertThat(granted.page().storeTime()).isEqualTo(Instant.ofEpochMilli(1_998));
    }
}
