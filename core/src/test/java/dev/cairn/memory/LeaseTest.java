// SPDX-License-Identifier: Apache-2.0
package dev.cairn.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.memory.StoreClauses.Pair;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Claim;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Refused.Reason;
import dev.cairn.spi.Renewal;
import dev.cairn.spi.Renewed;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;

class LeaseTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private static Renewed renew(Pair pair, Granted holder) {
        return pair.store()
                .renew(List.of(new Renewal(holder.lease(), Sent.TTL, "half")))
                .get(0);
    }

    @OnBothForms
    @DisplayName("LEASE-01 of many acquirers of a free lease exactly one wins")
    void freeLeaseHasOneWinner(Pair pair) {
        Sent.release(pair.store(), Sent.create(pair.store(), "r"));

        List<Acquired> answers = IntStream.range(0, 16)
                .parallel()
                .mapToObj(i -> Sent.take(i % 2 == 0 ? pair.store() : pair.other(), "r"))
                .toList();

        assertThat(answers).filteredOn(Granted.class::isInstance).hasSize(1);
    }

    @OnBothForms
    @DisplayName("LEASE-02 of many acquirers of an expired lease exactly one wins")
    void expiredLeaseHasOneWinner(Pair pair) {
        Sent.create(pair.store(), "r");
        pair.clock().advance(Sent.TTL);

        List<Acquired> answers = IntStream.range(0, 16)
                .parallel()
                .mapToObj(i -> Sent.take(i % 2 == 0 ? pair.store() : pair.other(), "r"))
                .toList();

        assertThat(answers).filteredOn(Granted.class::isInstance).hasSize(1);
    }

    @OnBothForms
    @DisplayName("LEASE-03 tokens rise across release, expiry and re-creation")
    void tokensRise(Pair pair) {
        Granted first = Sent.create(pair.store(), "r");
        Sent.release(pair.store(), first);
        Granted second = Sent.taken(pair.store(), "r");
        pair.clock().advance(Sent.TTL);
        Granted third = Sent.taken(pair.store(), "r");
        pair.store().settle(Settle.of(third.lease(), HeadChange.gone(0).build()));

        Granted anew = Sent.create(pair.store(), "r");

        assertThat(List.of(first, second, third, anew))
                .extracting(granted -> granted.lease().token())
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @OnBothForms
    @DisplayName("LEASE-04 a lease is granted to another at its deadline and not before")
    void deadlineIsExact(Pair pair) {
        Sent.create(pair.store(), "r");
        pair.clock().advance(Sent.TTL.minusMillis(1));
        Acquired before = Sent.take(pair.other(), "r");
        Head unchanged = Sent.head(pair.store(), "r");
        pair.clock().advance(Duration.ofMillis(1));

        Acquired at = Sent.take(pair.other(), "r");

        assertThat(Sent.refused(before)).isEqualTo(Reason.HELD);
        assertThat(unchanged.token()).isLessThan(((Granted) at).lease().token());
    }

    @OnBothForms
    @DisplayName("LEASE-05 LEASE-07 a write under a lapsed and re-taken lease is refused and changes nothing")
    void staleWriteIsRefused(Pair pair) {
        Granted old = Sent.create(pair.store(), "r");
        pair.clock().advance(Sent.TTL);
        Granted newer = Sent.taken(pair.other(), "r");
        Head before = Sent.head(pair.store(), "r");

        Appended append = Sent.append(pair.store(), Sent.entry(old, 1, "late"));
        Settled settle = Sent.release(pair.store(), old);
        Settled end = Sent.end(pair.store(), old, 1, RunStatus.COMPLETED);

        assertThat(append).isInstanceOf(Appended.Taken.class);
        assertThat(settle).isEqualTo(new Settled.Lost(Optional.of(before)));
        assertThat(end).isInstanceOf(Settled.Taken.class);
        assertThat(renew(pair, old)).isEqualTo(new Renewed.Lost());
        assertThat(Sent.read(pair.store(), "r").entries()).hasSize(2);
        assertThat(Sent.head(pair.store(), "r")).isEqualTo(before).matches(head -> head.isHeldBy(newer.lease()));
    }

    @OnBothForms
    @DisplayName("LEASE-07 LEASE-09 under an expired lease that nobody took over, a step and a settle are accepted")
    void expiredLeaseStillStands(Pair pair) {
        Granted holder = Sent.create(pair.store(), "r");
        pair.clock().advance(HOUR);

        Appended append = Sent.append(pair.store(), Sent.entry(holder, 1, "pay"));
        Settled end = Sent.end(pair.store(), holder, 2, RunStatus.COMPLETED);

        assertThat(append).isEqualTo(new Appended.Written());
        assertThat(end).isInstanceOf(Settled.Done.class);
        assertThat(Sent.head(pair.store(), "r").status()).isEqualTo(RunStatus.COMPLETED);
    }

    @OnBothForms
    @DisplayName("LEASE-08 a live lease is superseded only where that is asked for")
    void supersedeIsAskedFor(Pair pair) {
        Granted holder = Sent.create(pair.store(), "r");
        Condition over = Condition.open().over(Condition.Over.LIVE).build();

        Acquired refused = Sent.take(pair.store(), "r");
        Acquired granted = pair.store().acquire(Sent.acquire("r", new Acquire.Take(over)));

        assertThat(Sent.refused(refused)).isEqualTo(Reason.HELD);
        assertThat(granted).isInstanceOf(Granted.class);
        assertThat(Sent.append(pair.store(), Sent.entry(holder, 1, "late"))).isInstanceOf(Appended.Taken.class);
    }

    @OnBothForms
    @DisplayName("LEASE-14 the same acquire gets the same grant while its lease stands, and is refused afterwards")
    void repeatedAcquire(Pair pair) {
        Acquire request = Sent.acquire("r", new Acquire.Create(Sent.newRun()));
        Granted first = (Granted) pair.store().acquire(request);
        pair.clock().advance(Duration.ofSeconds(4));

        Granted again = (Granted) pair.other().acquire(request);
        Sent.release(pair.store(), first);
        Acquired after = pair.store().acquire(new Acquire("r", request.leaseId(), Sent.TTL, Sent.open(), Sent.GRANT));

        assertThat(again.lease()).isEqualTo(first.lease());
        assertThat(again.timeLeft()).isEqualTo(Duration.ofSeconds(6));
        assertThat(Sent.refused(after)).isEqualTo(Reason.HELD);
        assertThat(Sent.read(pair.store(), "r").entries()).hasSize(1);
    }

    @OnBothForms
    @DisplayName("LEASE-14 CLAIM-02 a repeated claim answers with the runs that carry it and takes no further one")
    void repeatedClaim(Pair pair) {
        List.of("a", "b", "c").forEach(id -> Sent.release(pair.store(), Sent.create(pair.store(), id)));
        Claim claim = Sent.claim(2);

        List<Granted> first = pair.store().claim(claim);
        List<Granted> again = pair.other().claim(claim);
        List<Granted> rest = pair.other().claim(Sent.claim(2));

        assertThat(again)
                .extracting(Granted::lease)
                .hasSize(2)
                .containsExactlyInAnyOrderElementsOf(
                        first.stream().map(Granted::lease).toList());
        assertThat(rest).hasSize(1);
    }

    @OnBothForms
    @DisplayName("LEASE-16 CLAIM-04 what a grant hands over runs without a gap to that grant")
    void handsOverEverything(Pair pair) {
        Granted first = Sent.create(pair.store(), "r");
        IntStream.rangeClosed(1, 5).forEach(i -> Sent.append(pair.store(), Sent.entry(first, i, "s" + i)));
        pair.clock().advance(Sent.TTL);

        Granted second = Sent.taken(pair.other(), "r");

        assertThat(second.page().entries())
                .extracting(entry -> entry.place())
                .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(second.page().entries().get(6).isUnder(second.lease())).isTrue();
    }

    @OnBothForms
    @DisplayName(
            "CLAIM-03 CLAIM-05 CLAIM-06 the longest due come first; ended, held, sleeping and unknown runs are left")
    void claimsWhatIsDue(Pair pair) {
        Granted abandoned = Sent.create(pair.store(), "abandoned");
        pair.clock().advance(Sent.TTL.plusSeconds(5));
        Sent.release(pair.store(), Sent.create(pair.store(), "ready"));
        Sent.end(pair.store(), Sent.create(pair.store(), "ended"), 1, RunStatus.COMPLETED);
        Sent.suspend(pair.store(), Sent.create(pair.store(), "sleeping"), 1, Optional.empty(), "approved");
        Sent.create(pair.store(), "held");
        pair.clock().advance(Duration.ofSeconds(1));

        List<Granted> claimed = pair.other().claim(Sent.claim(10));

        assertThat(claimed).extracting(granted -> granted.lease().runId()).containsExactly("abandoned", "ready");
        assertThat(claimed.get(0).lease().token())
                .isGreaterThan(abandoned.lease().token());
    }

    @OnBothForms
    @DisplayName("HB-01 HB-03 a heartbeat moves the deadline to now plus ttl, and nothing else but the progress")
    void heartbeat(Pair pair) {
        Granted holder = Sent.create(pair.store(), "r");
        Head before = Sent.head(pair.store(), "r");
        pair.clock().advance(Duration.ofSeconds(3));

        Renewed answer = renew(pair, holder);

        Head after = Sent.head(pair.store(), "r");
        assertThat(answer).isEqualTo(new Renewed.Held(Sent.TTL));
        assertThat(after.lease().orElseThrow().deadline())
                .isEqualTo(pair.clock().instant().plus(Sent.TTL));
        assertThat(after)
                .isEqualTo(before.edit().lease(after.lease()).progress("half").build());
    }

    @OnBothForms
    @DisplayName("HB-02 a heartbeat of an expired lease that still stands extends it")
    void lateHeartbeat(Pair pair) {
        Granted holder = Sent.create(pair.store(), "r");
        pair.clock().advance(HOUR);

        Renewed answer = renew(pair, holder);

        assertThat(answer).isEqualTo(new Renewed.Held(Sent.TTL));
        assertThat(Sent.refused(Sent.take(pair.other(), "r"))).isEqualTo(Reason.HELD);
    }

    @OnBothForms
    @DisplayName("CLOCK-01 a deadline further ahead than its lease is long counts as expired, and tokens still rise")
    void clockGoesBack(Pair pair) {
        Granted first = Sent.create(pair.store(), "r");
        pair.clock().putBack(HOUR);

        Acquired second = Sent.take(pair.other(), "r");

        assertThat(second).isInstanceOf(Granted.class);
        assertThat(((Granted) second).lease().token())
                .isGreaterThan(first.lease().token());
    }

    @OnBothForms
    @DisplayName("CLOCK-01 a heartbeat anchors the deadline anew after the clock went back")
    void heartbeatAfterClockWentBack(Pair pair) {
        Granted first = Sent.create(pair.store(), "r");
        pair.clock().putBack(HOUR);

        Renewed answer = renew(pair, first);

        assertThat(answer).isEqualTo(new Renewed.Held(Sent.TTL));
        assertThat(Sent.refused(Sent.take(pair.other(), "r"))).isEqualTo(Reason.HELD);
    }

    @OnBothForms
    @DisplayName("CLOCK-02 after a jump of two hours no earlier holder's commit is acknowledged once another took over")
    void clockJumpsAhead(Pair pair) {
        Granted first = Sent.create(pair.store(), "r");
        pair.clock().advance(HOUR.multipliedBy(2));
        Sent.taken(pair.other(), "r");

        Appended late = Sent.append(pair.store(), Sent.entry(first, 1, "late"));

        assertThat(late).isInstanceOf(Appended.Taken.class);
        assertThat(Sent.revision(pair.store(), "r").count()).isZero();
    }
}
