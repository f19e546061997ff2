// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Due;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.Granted;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Message;
import dev.cairn.spi.Received;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.Signalled;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/** SIG: signals, suspensions, timers: what waits is woken, and nothing is lost. */
interface SigClauses extends KitClauses {
    @Clause(
            id = "SIG-01",
            must = "A signal sent before the run waits MUST be delivered when it waits",
            why = "an approval that comes early is lost, and the run waits for ever",
            usualFix = "keep the message in the inbox, and compare the number of signals when the run suspends")
    default void sig_01_earlySignalIsDelivered(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        Message early = Requests.message("m", "approved");
        Lease holder = a.create("r").lease();
        Inbox.stored(trial, b.signal("r", early));
        Instance.done(a.suspend(holder, 1, Optional.empty(), 0, "approved"));

        Granted woken = wakes(trial, b, "r");

        trial.equal("the inbox is", List.of(early), Inbox.messages(woken.page().messages()));
        trial.equal("signals in the head:", 1L, woken.page().head().signals());
        a.createFree("free");
        Inbox.stored(trial, b.signal("free", early));
        trial.equal(
                "the inbox of a run that is taken is",
                List.of(early),
                Inbox.messages(a.take("free").page().messages()));
    }

    /** The run is due now; its lease. */
    private static Granted wakes(Trial trial, Instance who, String run) {
        List<Granted> claimed = who.claim(100);
        trial.equal(
                "a claim gets",
                List.of(run),
                claimed.stream().map(granted -> granted.lease().runId()).toList());
        return claimed.get(0);
    }

    private static void sleeps(Trial trial, Instance who) {
        trial.equal("a claim gets", List.of(), who.claim(100));
    }

    @Clause(
            id = "SIG-02",
            must =
                    "For every interleaving of send and suspend, the death of either at any point included, an acknowledged"
                            + " signal MUST make the waiting run due",
            why = "the run looked into its inbox just before the signal came, and sleeps for ever",
            usualFix = "let the update that suspends compare the number of signals, and wake at once if it is higher")
    default void sig_02_signalWakes(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        Lease first = a.create("r").lease();
        Inbox.stored(trial, b.signal("r", Requests.message("seen", "approved")));
        Settle suspends = suspension(first, 1, 1);
        Instance.done(a.store().settle(suspends));
        sleeps(trial, b);
        Inbox.stored(trial, b.signal("r", Requests.message("other", "rejected")));
        sleeps(trial, b);
        Inbox.stored(trial, b.signal("r", Requests.message("after", "approved")));
        for (Instance who : trial.sameOtherReopened(a)) {
            who.store().settle(suspends);
        }
        Granted woken = wakes(trial, b, "r");
        Inbox.stored(trial, a.signal("r", Requests.message("between", "approved")));
        Instance.done(b.store().settle(suspension(woken.lease(), b.read("r").length(), 3)));
        Granted again = wakes(trial, a, "r");
        trial.equal("messages handed over:", 4, again.page().messages().size());
        // A store that needs several requests to suspend may be met between any two of them.
        for (long late : new long[] {0, 0, 1, 2, 5, 10}) {
            sentWhileSuspending(trial, a, b, late);
        }
        InboxRaces.sleepers(trial);
        LockRaces.sleepers(trial);
    }

    private static Settle suspension(Lease lease, long place, long seen) {
        EntryBody.Suspension body = EntryBody.Suspension.of(Set.of("approved"), Optional.empty(), seen);
        return Settle.of(
                Requests.entry(lease, place, body),
                HeadChange.suspended(Set.of("approved"), Due.never(), seen).build());
    }

    private static void sentWhileSuspending(Trial trial, Instance a, Instance b, long late) {
        String run = "race" + Storages.freshName();
        Lease lease = a.create(run).lease();
        List<Callable<Object>> both = List.of(() -> a.store().settle(suspension(lease, 1, 0)), () -> {
            Thread.sleep(late);
            return b.signal(run, Requests.message("m", "approved"));
        });

        List<Object> answers = trial.atOnce(both);

        trial.is(Settled.Done.class, "suspended", answers.get(0));
        Inbox.stored(trial, (Signalled) answers.get(1));
        Granted woken = wakes(trial, a, run);
        trial.equal("messages handed over:", 1, woken.page().messages().size());
    }

    @Clause(
            id = "SIG-03",
            must = "A signal MUST be consumed by the entry that records its step and by nothing else",
            why = "a worker that dies after it took a signal out of the inbox takes it with it",
            usualFix = "never remove a message before its run goes; the journal says what was consumed")
    default void sig_03_onlyTheJournalConsumes(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        Lease lease = a.create("r").lease();
        b.signal("r", Requests.message("m", "approved"));
        b.signal("r", Requests.message("n", "approved"));
        List<Received> sent = a.read("r").messages();
        trial.equal("messages in the inbox:", 2, sent.size());
        keeps(trial, b, sent, a.read("r").messages());
        a.steps(lease, 1, 1);
        a.renew(lease, Requests.LASTING);
        Instance.done(a.suspend(lease, 2, Optional.empty(), 0, "approved"));
        Granted woken = wakes(trial, b, "r");
        keeps(trial, b, sent, woken.page().messages());
        b.expire(woken.lease());
        Granted next = a.take("r");
        keeps(trial, b, sent, next.page().messages());
        a.free(next.lease());
        Instance reopened = a.reopen();
        keeps(trial, reopened, sent, b.claim(1).get(0).page().messages());
        Lease last = reopened.supersede("r").lease();
        Instance.done(reopened.end(last, reopened.read("r").length(), RunStatus.COMPLETED));
        keeps(trial, b, sent, reopened.read("r").messages());
        InboxCuts.kept(trial);
    }

    private static void keeps(Trial trial, Instance reader, List<Received> sent, List<Received> handed) {
        trial.equal("the messages handed over are", sent, handed);
        trial.equal("the inbox is still", sent, reader.read("r").messages());
    }

    @Clause(
            id = "SIG-06",
            must = "A due timer MUST be claimable exactly once, not before its due time by the store's clock, and never"
                    + " skipped; after a death between the suspension's entry and its head the due time MUST be the original"
                    + " one within one lease",
            why = "a reminder goes out too early, twice, or never",
            usualFix = "claim by due <= now(store), rounding the stored due time up; take each run once")
    default void sig_06_timerIsClaimedOnce(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        Instant due = a.now().plusMillis(250);
        Lease far = a.create("far").lease();
        Optional<Instant> later = Optional.of(due.plus(Requests.LASTING).plusNanos(1));
        Settled.Done told = Instance.done(a.suspend(far, 1, later, 0));
        Lease held = a.create("held").lease();
        Lease asleep = a.create("asleep").lease();
        List<String> timers = List.of("t1", "t2", "t3", "t4");
        timers.forEach(run -> Instance.done(a.suspend(a.create(run).lease(), 1, Optional.of(due), 0)));
        Instance.done(
                a.store().settle(Settle.of(held, HeadChange.ready(Due.at(due)).build())));
        Instance.done(a.suspend(asleep, 1, Optional.of(due), 0, "approved"));
        b.expire(b.take("asleep").lease());
        trial.equal("the due time is still", Optional.of(due), b.head("asleep").due());

        List<Granted> claimed = claimedWhenDue(trial, a, b, due);

        List<String> runs = new ArrayList<>(timers);
        runs.addAll(List.of("asleep", "held"));
        trial.equal(
                "the runs that were claimed are",
                runs.stream().sorted().toList(),
                claimed.stream()
                        .map(granted -> granted.lease().runId())
                        .sorted()
                        .toList());
        trial.that(
                !told.head().due().orElseThrow().isBefore(later.orElseThrow()),
                "a due time that is not before the one asked for",
                told.head().due());
        trial.equal(
                "the due time is as it was told,",
                told.head().due(),
                b.head("far").due());
        InboxCuts.claimers(trial);
        InboxCuts.deaths(trial);
    }

    /** What claims got, one before that time and several at once behind it. */
    private static List<Granted> claimedWhenDue(Trial trial, Instance a, Instance b, Instant due) {
        List<Granted> claimed = new ArrayList<>();
        claimed.addAll(notBefore(trial, due, a.claim(100)));
        if (trial.harness().clock().isPresent()) {
            trial.pass(Duration.between(a.now(), due).minusMillis(1));
            trial.equal("a millisecond before it a claim gets", List.of(), a.claim(100));
            trial.pass(Duration.ofMillis(1));
        } else {
            waitFor(trial, a, due);
        }
        List<Callable<List<Granted>>> claims = List.of(() -> a.claim(3), () -> b.claim(3), () -> b.claim(1));
        trial.atOnce(claims).forEach(claimed::addAll);
        claimed.addAll(b.claim(100));
        return claimed;
    }

    private static List<Granted> notBefore(Trial trial, Instant due, List<Granted> claimed) {
        for (Granted granted : claimed) {
            Instant when = granted.page().storeTime();
            trial.that(!when.isBefore(due), "nothing claimed before " + due, when);
        }
        return claimed;
    }

    private static void waitFor(Trial trial, Instance who, Instant due) {
        while (who.now().isBefore(due)) {
            trial.pass(Duration.ofMillis(5));
        }
    }
}
