// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class HeadRulesTest {
    private static final Instant NOW = SplitScripts.START;
    private static final Duration TTL = SplitScripts.TTL;

    private static HeadRules.Journal journal(long length, long count) {
        return new HeadRules.Journal() {
            @Override
            public long length() {
                return length;
            }

            @Override
            public long count() {
                return count;
            }

            @Override
            public boolean hasGrantOf(LeaseId id) {
                return id.equals(SplitScripts.lease("used"));
            }
        };
    }

    private static NewRun run(String incarnation, RunStatus arrival, long sourceToken) {
        return new NewRun(
                "fulfil", 1, SplitScripts.incarnation(incarnation), Labels.NONE, arrival, Bytes.empty(), sourceToken);
    }

    private static HeadRules.Decision create(String name, NewRun run, Head found, Instant now) {
        Acquire request = SplitScripts.acquire(name, new Acquire.Create(run));
        return HeadRules.acquire(request, Optional.ofNullable(found), journal(1, 0), now);
    }

    private static HeadRules.Decision take(String name, Condition.Builder condition, Head head, Instant now) {
        Acquire request = SplitScripts.acquire(name, new Acquire.Take(condition.build()));
        return HeadRules.acquire(request, Optional.of(head), journal(4, 2), now);
    }

    private static Head created() {
        return ((HeadRules.Grant) create("A", run("first", RunStatus.READY, 0), null, NOW)).head();
    }

    private static Head free(RunStatus status) {
        return created().edit().status(status).lease(Optional.empty()).build();
    }

    @Test
    @DisplayName("LEASE-03 the first token is the clock's, or one above what is known, also when the clock went back")
    void firstToken() {
        Head gone = free(RunStatus.GONE).edit().token(NOW.toEpochMilli() + 500).build();

        Head fresh = created();
        Head anew = ((HeadRules.Grant) create("B", run("second", RunStatus.READY, 0), gone, NOW)).head();
        Head moved = ((HeadRules.Grant)
                        create("C", run("third", RunStatus.ARRIVING, NOW.toEpochMilli() + 900), null, NOW))
                .head();

        assertThat(fresh.token()).isEqualTo(NOW.toEpochMilli());
        assertThat(anew.token()).isEqualTo(NOW.toEpochMilli() + 501);
        assertThat(moved.token()).isEqualTo(NOW.toEpochMilli() + 901);
        assertThat(anew.beside()).containsOnlyKeys(SplitScripts.incarnation("first"));
    }

    @Test
    @DisplayName("MOVE-04 an arriving move gives way only to a later grant of its source, not to time (R9)")
    void arrivingMove() {
        Head arriving = ((HeadRules.Grant) create("A", run("first", RunStatus.ARRIVING, 5), null, NOW)).head();
        Instant late = NOW.plus(Duration.ofDays(1));

        HeadRules.Decision stranger = create("B", run("b", RunStatus.READY, 0), arriving, late);
        HeadRules.Decision same = create("C", run("c", RunStatus.ARRIVING, 5), arriving, late);
        HeadRules.Decision later = create("D", run("d", RunStatus.ARRIVING, 6), arriving, NOW);

        assertThat(stranger).isEqualTo(new HeadRules.Refuse(Refused.Reason.ARRIVING));
        assertThat(same).isEqualTo(new HeadRules.Refuse(Refused.Reason.ARRIVING));
        assertThat(((HeadRules.Grant) later).head().beside()).containsOnlyKeys(SplitScripts.incarnation("first"));
    }

    @Test
    @DisplayName("VER-06 an arrival whose lease ran out gives way to a new incarnation; the old one is named (R5, R7)")
    void abandonedArrival() {
        Head arriving = ((HeadRules.Grant) create("A", run("first", RunStatus.ARRIVING, 0), null, NOW)).head();

        HeadRules.Decision early = create(
                "B", run("b", RunStatus.READY, 0), arriving, NOW.plus(TTL).minusMillis(1));
        HeadRules.Decision again = create("B", run("first", RunStatus.READY, 0), arriving, NOW.plus(TTL));
        HeadRules.Decision taken = create("B", run("b", RunStatus.READY, 0), arriving, NOW.plus(TTL));

        assertThat(early).isEqualTo(new HeadRules.Refuse(Refused.Reason.ARRIVING));
        assertThat(again).isEqualTo(new HeadRules.Refuse(Refused.Reason.EXISTS));
        assertThat(((HeadRules.Grant) taken).head().names(SplitScripts.incarnation("first")))
                .isTrue();
    }

    @Test
    @DisplayName("CLOCK-01 when the clock goes back, a deadline further ahead than the lease is long counts as expired")
    void clockBack() {
        Head held = created();

        HeadRules.Decision justBefore = take("B", Condition.open(), held, NOW.minusMillis(0));
        HeadRules.Decision before = take("B", Condition.open(), held, NOW.minusMillis(1));

        assertThat(justBefore).isEqualTo(new HeadRules.Refuse(Refused.Reason.HELD));
        assertThat(((HeadRules.Grant) before).head().token()).isEqualTo(held.token() + 1);
        assertThat(held.lease().orElseThrow().left(NOW.minusMillis(1))).isZero();
    }

    @Test
    @DisplayName("LEASE-14 the lease that stands is answered again; one that was used before is refused")
    void sameLeaseId() {
        Head held = created();

        assertThat(take("A", Condition.open(), held, NOW.plus(Duration.ofDays(9))))
                .isInstanceOf(HeadRules.Again.class);
        assertThat(take("used", Condition.open(), free(RunStatus.READY), NOW))
                .isEqualTo(new HeadRules.Refuse(Refused.Reason.HELD));
    }

    @Test
    @DisplayName("VER-03 the revision must be exactly the one asked for")
    void revision() {
        Head head = free(RunStatus.READY);
        Incarnation first = head.incarnation();

        assertThat(take("B", Condition.open().at(new Revision(first, 2)), head, NOW))
                .isInstanceOf(HeadRules.Grant.class);
        assertThat(take("B", Condition.open().at(new Revision(first, 3)), head, NOW))
                .isEqualTo(new HeadRules.Refuse(Refused.Reason.REVISION));
        assertThat(take("B", Condition.open().at(new Revision(SplitScripts.incarnation("x"), 2)), head, NOW))
                .isEqualTo(new HeadRules.Refuse(Refused.Reason.REVISION));
    }

    @Test
    @DisplayName("ERR-04 only a failed run is reopened, and it is ready from then on")
    void reopen() {
        HeadRules.Decision open = take("B", Condition.failed(), free(RunStatus.READY), NOW);
        HeadRules.Grant failed = (HeadRules.Grant) take("B", Condition.failed(), free(RunStatus.FAILED), NOW);

        assertThat(open).isEqualTo(new HeadRules.Refuse(Refused.Reason.ENDED));
        assertThat(failed.entry().kind()).isEqualTo(EntryKind.REOPEN);
        assertThat(failed.entry().place()).isEqualTo(4);
        assertThat(failed.head().status()).isEqualTo(RunStatus.READY);
    }

    private static Settled settle(Head head, HeadChange change) {
        return HeadRules.settle(Settle.of(head.standing().orElseThrow(), change), Optional.of(head), NOW);
    }

    @Test
    @DisplayName("LEASE-07 a settle asks for incarnation, lease id and token; each other one is lost")
    void settleUnderTheLease() {
        Head head = created();
        Lease lease = head.standing().orElseThrow();
        HeadChange free = HeadChange.ready(Due.now()).build();

        assertThat(settle(head, free)).isInstanceOf(Settled.Done.class);
        for (Lease other : Set.of(
                lease.over(SplitScripts.incarnation("x")),
                new Lease(lease.runId(), lease.incarnation(), SplitScripts.lease("x"), lease.token()),
                new Lease(lease.runId(), lease.incarnation(), lease.id(), lease.token() + 1))) {
            assertThat(HeadRules.settle(Settle.of(other, free), Optional.of(head), NOW))
                    .isEqualTo(new Settled.Lost(Optional.of(head)));
        }
        assertThat(HeadRules.settle(Settle.of(lease, free), Optional.empty(), NOW))
                .isEqualTo(new Settled.Lost(Optional.empty()));
    }

    @Test
    @DisplayName("SIG-02 SIG-07 more signals than seen make a suspended run due, and refuse a delete")
    void signalsSeen() {
        Head head = created().edit().signals(2).build();

        Settled.Done seen = (Settled.Done)
                settle(head, HeadChange.suspended(Set.of("s"), Due.never(), 2).build());
        Settled.Done unseen = (Settled.Done)
                settle(head, HeadChange.suspended(Set.of("s"), Due.never(), 1).build());

        assertThat(seen.head().due()).isEmpty();
        assertThat(unseen.head().due()).contains(NOW);
        assertThat(settle(head, HeadChange.gone(1).build())).isEqualTo(new Settled.Signalled(head));
        assertThat(settle(head, HeadChange.gone(2).build())).isInstanceOf(Settled.Done.class);
    }

    @Test
    @DisplayName("ERR-04 a lease that is let expire stands in the head, run out now (R3)")
    void letExpire() {
        Head head = created();

        Head after = ((Settled.Done) settle(head, HeadChange.expired().build())).head();

        assertThat(after.lease().orElseThrow().id())
                .isEqualTo(head.lease().orElseThrow().id());
        assertThat(after.isLeased(NOW)).isFalse();
        assertThat(after).isEqualTo(head.edit().lease(after.lease()).build());
    }

    @Test
    @DisplayName(
            "RET-05 SNAP-05 a purge and a sweep ask for the head as it was listed, without a lease, and old enough")
    void sweeps() {
        Head gone = free(RunStatus.GONE)
                .edit()
                .beside(SplitScripts.incarnation("old"), NOW)
                .build();
        Erase.Fences listed = new Erase.Fences(gone.runId(), gone.incarnation(), gone.token(), gone.changed());
        Head held = gone.edit().lease(created().lease()).build();
        Head later = gone.edit().token(gone.token() + 1).build();
        Instant after = NOW.plusMillis(1);

        assertThat(HeadRules.sweep(listed, Optional.of(gone), NOW)).isEmpty();
        assertThat(HeadRules.sweep(listed, Optional.of(held), after)).isEmpty();
        assertThat(HeadRules.sweep(listed, Optional.of(later), after)).isEmpty();
        assertThat(HeadRules.sweep(listed, Optional.of(gone), after)
                        .orElseThrow()
                        .remove())
                .containsExactlyInAnyOrder(gone.incarnation(), SplitScripts.incarnation("old"));
    }

    @Test
    @DisplayName("CLAIM-05 a head never says running; it shows so while a lease stands on an open run")
    void runningIsShown() {
        assertThat(created().shownStatus()).isEqualTo(RunStatus.RUNNING);
        assertThat(free(RunStatus.READY).shownStatus()).isEqualTo(RunStatus.READY);
        assertThatThrownBy(() -> created().edit().status(RunStatus.RUNNING).build())
                .isInstanceOf(IllegalArgumentException.class);
    }
}
