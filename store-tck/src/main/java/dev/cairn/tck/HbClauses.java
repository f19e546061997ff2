// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.LeaseTerm;
import dev.cairn.spi.Renewal;
import dev.cairn.spi.Renewed;
import dev.cairn.spi.RunQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** HB: heartbeats. */
interface HbClauses extends KitClauses {
    @Clause(
            id = "HB-01",
            must = "A heartbeat by the holder MUST move the deadline to now(store)+ttl, never to old deadline+ttl",
            why = "a holder that renews often keeps a run for hours after it died",
            usualFix = "compute the new deadline from the store's clock, not from the deadline that stands")
    default void hb_01_deadlineIsNowPlusTtl(Trial trial) {
        Instance a = trial.open("A");
        Granted holder = a.create("r");
        Duration ttl = Duration.ofMinutes(2);

        Instant before = a.store().list(RunQuery.all().build()).storeTime();
        Renewed first = a.renew(holder.lease(), ttl);
        Renewed second = a.renew(holder.lease(), ttl);
        Instant after = a.store().list(RunQuery.all().build()).storeTime();

        trial.equal("the time left is", new Renewed.Held(ttl), first);
        trial.equal("the time left is", new Renewed.Held(ttl), second);
        LeaseTerm term = a.head("r").lease().orElseThrow();
        trial.that(
                !term.deadline().isBefore(before.plus(ttl)) && !term.deadline().isAfter(after.plus(ttl)),
                "a deadline " + ttl + " after the renewal",
                "a deadline " + Duration.between(before, term.deadline()) + " after it");
        LockBounds.renewed(trial);
    }

    @Clause(
            id = "HB-02",
            must =
                    "A heartbeat of a superseded lease MUST report lost, never success; one of an expired lease that still"
                            + " stands in the head MUST extend it or report lost",
            why = "a worker that lost its run goes on running it beside its replacement",
            usualFix = "renew only where the head carries this lease id and this token")
    default void hb_02_supersededLeaseIsLost(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        Granted old = a.create("r");
        Granted newer = b.supersede("r");
        Head before = b.head("r");

        Renewed late = a.renew(old.lease(), Requests.LASTING);

        trial.equal("the superseded holder is told", new Renewed.Lost(), late);
        trial.equal("the head is unchanged:", before, b.head("r"));
        b.expire(newer.lease());
        Renewed expired = b.renew(newer.lease(), Requests.LASTING);
        boolean leased = a.acquire("r") instanceof dev.cairn.spi.Refused;
        trial.that(
                expired instanceof Renewed.Held == leased,
                "an expired lease that was extended keeps others out, one that is lost does not",
                expired);
    }

    @Clause(
            id = "HB-03",
            must = "A heartbeat MUST NOT change revision, entries, inbox or list order",
            why = "lists jump about, and every heartbeat looks like progress",
            usualFix = "a renewal writes the deadline and the progress, nothing else; changed-at stays")
    default void hb_03_changesNothingElse(Trial trial) {
        Instance a = trial.open("A");
        Granted holder = a.create("r");
        a.steps(holder.lease(), 1, 2);
        a.signal("r", Requests.message("m", "approved"));
        a.create("later");
        Seen before = a.read("r");

        trial.pass(Duration.ofMillis(5));
        a.store().renew(List.of(new Renewal(holder.lease(), Requests.LASTING, "half")));

        Seen after = a.read("r");
        trial.equal("the revision is", before.revision(), after.revision());
        trial.equal("the entries are", before.entries(), after.entries());
        trial.equal("the inbox is", before.messages(), after.messages());
        trial.equal("the progress is", "half", after.head().progress());
        trial.equal("changed at is", before.head().changed(), after.head().changed());
        List<String> order = a.store().list(RunQuery.all().build()).runs().stream()
                .map(Head::runId)
                .toList();
        trial.that(
                order.equals(List.of("later", "r"))
                        || a.head("later").created().equals(a.head("r").created()),
                "the newest run first",
                order);
    }

    @Clause(
            id = "HB-04",
            must = "A heartbeat whose reply is lost MUST surface as unknown and be safe to repeat",
            why = "a worker either gives up a run that it still holds, or believes it holds one that it lost",
            usualFix = "map a lost reply to OutcomeUnknownException; a repeated renewal counts from now")
    default void hb_04_isSafeToRepeat(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        Granted holder = a.create("r");

        for (Instance who : trial.sameOtherReopened(a)) {
            who.renew(holder.lease(), Requests.LASTING);
            trial.equal(
                    "repeated, it answers",
                    new Renewed.Held(Requests.LASTING),
                    who.renew(holder.lease(), Requests.LASTING));
        }

        trial.that(b.acquire("r") instanceof dev.cairn.spi.Refused, "the run is held", b.head("r"));
        trial.that(b.head("r").isHeldBy(holder.lease()), "the head carries the lease", b.head("r"));
        CrashPoints.cut(trial, StoreOperations.renewal());
    }
}
