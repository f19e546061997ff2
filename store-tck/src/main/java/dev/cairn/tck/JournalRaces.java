// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Appended;
import dev.cairn.spi.CommitId;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Granted;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.Refused;
import dev.cairn.spi.Refused.Reason;
import dev.cairn.spi.Revision;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import dev.cairn.tck.Operation.Prepared;
import dev.cairn.tck.Races.Pair;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Two who write to, or read, one journal, one of them held at every request. */
final class JournalRaces {
    private JournalRaces() {}

    private static void race(Trial trial, String what, Races.Scene scene) {
        if (trial.hasWire()) {
            new Races(trial).explore(what, scene).done();
        }
    }

    private static boolean isDone(Prepared prepared, Told ended) {
        return !(ended.how() instanceof Throwable) && prepared.done().test(ended.how());
    }

    /** Two commits to one place (STEP-07). */
    static void onePlace(Trial trial) {
        race(trial, "two commits to one place", (held, other, id) -> {
            Lease lease = StoreOperations.held(other, id);
            Entry one = Requests.step(lease, 2, "one");
            Entry two = Entry.of(lease, 2, EntryKind.PLAIN, CommitId.of(LeaseId.random(), 2), Bytes.utf8("two"));
            return new Pair(() -> held.append(one), () -> other.append(two), (when, x, y) -> {
                boolean first = StoreOperations.isThere(one, x.how());
                boolean second = StoreOperations.isThere(two, y.how());
                trial.that(first != second, when + "one of two commits written", List.of(x.how(), y.how()));
                Appended.Taken told = trial.is(
                        Appended.Taken.class, when + "the other told what is there", first ? y.how() : x.how());
                trial.equal(when + "what is there is", first ? one : two, told.entry());
                trial.equal(
                        when + "the steps are",
                        List.of("step-1", first ? "one" : "two"),
                        other.read(id).texts());
            });
        });
    }

    /** A reader meets a settle at every request of it (STEP-04). */
    static void halfSettled(Trial trial) {
        if (!trial.hasWire()) {
            return;
        }
        Races races = new Races(trial);
        for (Operation operation : StoreOperations.settles()) {
            races.explore(operation.name(), (held, other, id) -> {
                Prepared settle = operation.on(other, id);
                return new Pair(() -> settle.call().apply(held), () -> other.read(id), (when, x, y) -> {
                    trial.that(isDone(settle, x), when + "the settle done", x);
                    Seen seen = trial.is(Seen.class, when + "a run", y.how());
                    boolean shown = seen.head().status().isTerminal();
                    trial.that(
                            !shown || seen.fold().end().isPresent(),
                            when + "no status of an end that the journal does not have",
                            seen.head());
                    boolean waits = seen.head().status() == RunStatus.SUSPENDED;
                    trial.that(
                            !waits || seen.fold().suspension().isPresent(),
                            when + "no status of a suspension that the journal does not have",
                            seen.head());
                });
            });
        }
        races.done();
    }

    /** A commit is late, and the run has ended meanwhile (ERR-04). */
    static void lateAfterEnd(Trial trial) {
        race(
                trial,
                "a commit, and meanwhile an end",
                (held, other, id) -> late(trial, held, other, id, () -> ended(other, id)));
    }

    /** A commit is late, and meets what was done to the run meanwhile (STEP-08). */
    static void late(Trial trial) {
        if (!trial.hasWire()) {
            return;
        }
        Races races = new Races(trial);
        races.explore(
                "a commit, and meanwhile a takeover",
                (held, other, id) -> late(trial, held, other, id, () -> {
                    Granted newer = other.supersede(id);
                    other.step(newer.lease(), newer.page().entries().size(), "newer");
                    return newer;
                }));
        races.explore(
                "a commit, and meanwhile an end",
                (held, other, id) -> late(trial, held, other, id, () -> ended(other, id)));
        races.explore(
                "a commit, and meanwhile a restore",
                (held, other, id) -> late(trial, held, other, id, () -> {
                    Granted newer = other.supersede(id);
                    other.expire(newer.lease());
                    other.restore(id, other.revision(id), "other");
                    return newer;
                }));
        races.done();
    }

    private static Granted ended(Instance who, String id) {
        Granted newer = who.supersede(id);
        Instance.done(who.end(newer.lease(), newer.page().entries().size(), RunStatus.CANCELLED));
        return newer;
    }

    private static Pair late(Trial trial, Instance held, Instance other, String id, Callable<Granted> meanwhile) {
        Entry step = Requests.step(StoreOperations.held(other, id), 2, "late");
        return late(trial, held, other, id, step, meanwhile);
    }

    private static Pair late(
            Trial trial, Instance held, Instance other, String id, Entry step, Callable<Granted> meanwhile) {
        return new Pair(() -> held.append(step), meanwhile, (when, x, y) -> {
            trial.is(Appended.class, when + "an answer to the commit", x.how());
            Granted newer = trial.is(Granted.class, when + "what was done meanwhile done", y.how());
            boolean early = newer.page().entries().contains(step);
            Seen seen = other.read(id);
            long there = seen.entries().stream().filter(step::equals).count();
            trial.that(there <= 1, when + "the commit at its own place or nowhere", there + " times");
            boolean counts = seen.counting().contains(step);
            trial.that(early || !counts, when + "no commit that counts although it came later", "one");
            trial.that(
                    early || !StoreOperations.isThere(step, x.how()),
                    when + "no commit acknowledged that came later",
                    x.how());
        });
    }

    /** A change with an expectation, and the commit of a holder whose lease ran out (VER-03). */
    static void expectation(Trial trial) {
        race(trial, "an acquire at a revision", (held, other, id) -> {
            Lease lease = StoreOperations.held(other, id);
            other.expire(lease);
            Revision expected = other.revision(id);
            Entry step = Requests.step(lease, 2, "late");
            Acquire at = Requests.acquire(
                    id, new Acquire.Take(Condition.openOrEnded().at(expected).build()));
            return new Pair(() -> held.store().acquire(at), () -> other.append(step), (when, x, y) -> {
                boolean written = StoreOperations.isThere(step, y.how());
                if (x.is(Granted.class)) {
                    trial.that(!written, when + "no commit in between acknowledged", y.how());
                    trial.equal(when + "the revision is", expected, other.revision(id));
                } else {
                    boolean refused = x.how() instanceof Refused no && no.reason() == Reason.REVISION;
                    trial.that(refused && written, when + "refused, REVISION, for the commit", List.of(x, y));
                }
                trial.equal(
                        when + "the steps are",
                        written ? List.of("step-1", "late") : List.of("step-1"),
                        other.read(id).texts());
            });
        });
    }

    /** A create comes late, when its run was deleted already (VER-06). */
    static void lateCreate(Trial trial) {
        race(trial, "a create that comes twice", (held, other, id) -> {
            Acquire create = Requests.acquire(id, new Acquire.Create(Requests.newRun()));
            return new Pair(
                    () -> held.store().acquire(create),
                    () -> {
                        Granted granted = Instance.granted(other.store().acquire(create));
                        other.expire(granted.lease());
                        return other.delete(id, other.revision(id));
                    },
                    (when, x, y) -> {
                        trial.is(Settled.Done.class, when + "the run deleted", y.how());
                        trial.equal(
                                when + "after its deletion there is",
                                Optional.empty(),
                                other.find(id).map(Seen::head));
                    });
        });
    }

    /** A restore is met by a reader at every request, and a reader by a restore (SNAP-01). */
    static void restored(Trial trial) {
        race(trial, "a read, and meanwhile a restore", (held, other, id) -> {
            Revision old = before(other, id);
            return new Pair(
                    () -> held.read(id),
                    () -> other.restore(id, old, "other-1", "other-2"),
                    (when, x, y) -> isOldOrNew(trial, when, x));
        });
        race(trial, "a restore", (held, other, id) -> {
            Revision old = before(other, id);
            return new Pair(() -> held.restore(id, old, "other-1", "other-2"), () -> other.read(id), (when, x, y) -> {
                trial.is(Settled.Done.class, when + "the restore done", x.how());
                isOldOrNew(trial, when, y);
                trial.equal(when + "the steps are", Restore.NEW, other.read(id).texts());
            });
        });
    }

    private static Revision before(Instance by, String id) {
        Lease lease = by.create(id).lease();
        by.steps(lease, 1, 3);
        by.free(lease);
        return by.revision(id);
    }

    private static void isOldOrNew(Trial trial, String when, Told read) {
        Seen seen = trial.is(Seen.class, when + "a run", read.how());
        trial.that(
                seen.texts().equals(Restore.OLD) || seen.texts().equals(Restore.NEW),
                when + "the old steps or the new ones",
                seen.texts());
    }

    /** A run is read in pages while it is restored, or taken over (PAGE-01). */
    static void pages(Trial trial) {
        if (!trial.hasWire()) {
            return;
        }
        Races races = new Races(trial);
        races.explore("a read in pages, and meanwhile a restore", (held, other, id) -> {
            Revision old = before(other, id);
            return new Pair(
                    () -> Seen.read(held.store(), id, 1).map(Seen::texts),
                    () -> other.restore(id, old, "other-1", "other-2"),
                    (when, x, y) -> trial.that(
                            List.of(Optional.empty(), Optional.of(Restore.OLD), Optional.of(Restore.NEW))
                                    .contains(x.how()),
                            when + "one incarnation, whole, or gone",
                            x.how()));
        });
        races.explore("a read in pages, and meanwhile a takeover", (held, other, id) -> {
            before(other, id);
            return new Pair(
                    () -> Seen.entries(held.store(), id, 1),
                    () -> {
                        Granted granted = other.take(id);
                        other.steps(granted.lease(), granted.page().entries().size(), 2);
                        return other.entries(id);
                    },
                    (when, x, y) -> {
                        List<?> read = trial.is(List.class, when + "a run", x.how());
                        List<?> all = trial.is(List.class, when + "the steps of who took over", y.how());
                        trial.that(
                                read.size() >= 4 && read.equals(all.subList(0, Math.min(read.size(), all.size()))),
                                when + "a beginning of the journal without a gap",
                                read);
                    });
        });
        races.done();
    }

    /** An end and a cancel want one place (CANCEL-01). */
    static void cancelled(Trial trial) {
        race(trial, "an end, and meanwhile a cancel", (held, other, id) -> {
            Prepared end = StoreOperations.end(other, id);
            return new Pair(() -> end.call().apply(held), () -> cancel(other, id), (when, x, y) -> {
                boolean ended = isDone(end, x);
                boolean cancelled = y.is(Settled.Done.class);
                trial.that(ended != cancelled, when + "either the end or the cancel done", List.of(x, y));
                trial.equal(
                        when + "the run is",
                        ended ? RunStatus.COMPLETED : RunStatus.CANCELLED,
                        other.head(id).status());
            });
        });
    }

    static Object cancel(Instance who, String id) {
        Condition live = Condition.open().over(Condition.Over.LIVE).build();
        if (!(who.acquire(id, live) instanceof Granted granted)) {
            return "refused";
        }
        return who.store()
                .settle(Settle.of(
                        Requests.end(granted.lease(), granted.page().entries().size(), RunStatus.CANCELLED),
                        HeadChange.ended(RunStatus.CANCELLED).build()));
    }
}
