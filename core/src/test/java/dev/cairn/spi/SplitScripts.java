// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import dev.cairn.state.StepOutcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The operations of core, as far as they are requests to a store: what the parties of an exploration do. */
final class SplitScripts {
    static final String RUN = "order-1";
    static final String WORKFLOW = "fulfil";
    static final String SIGNAL = "approved";
    static final Duration TTL = Duration.ofSeconds(10);
    static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
    static final Instant DUE = START.plus(Duration.ofHours(1));
    static final Instant PAST_FENCES = START.plus(Duration.ofHours(2));
    private static final Map<Entry, List<String>> CONSUMED = new ConcurrentHashMap<>();

    private SplitScripts() {}

    /** What one party does; deterministic, given the answers to its requests. */
    interface Script {
        void run(SplitProtocol store, Consumer<SplitFact> tell);
    }

    static LeaseId lease(String name) {
        return new LeaseId(uuid("lease " + name));
    }

    static Incarnation incarnation(String name) {
        return new Incarnation(uuid("incarnation " + name));
    }

    private static UUID uuid(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    static Bytes grant(String holder) {
        return EntryCodec.encode(new EntryBody.Grant(holder, "host", WORKFLOW, 1, Optional.empty()));
    }

    static NewRun newRun(String incarnation, RunStatus arrival) {
        return new NewRun(WORKFLOW, 1, incarnation(incarnation), Labels.NONE, arrival, grant("creator"), 0);
    }

    static WorkflowVersions workflow() {
        return new WorkflowVersions(WORKFLOW, 1, Set.of(1));
    }

    static Acquire acquire(String name, Acquire.Target target) {
        return new Acquire(RUN, lease(name), TTL, target, grant(name));
    }

    /** Steps that consumed a signal, by the signal's id. */
    static List<String> consumedBy(Entry entry) {
        if (entry.kind() != EntryKind.PLAIN) {
            return List.of();
        }
        return CONSUMED.computeIfAbsent(
                entry,
                e -> ((EntryBody.Steps) EntryCodec.decode(e))
                        .steps().stream()
                                .filter(step -> step.key().startsWith("got "))
                                .map(step -> step.key().substring(4))
                                .toList());
    }

    private interface Work {
        void with(SplitHolder holder);
    }

    private static Script holding(String name, Acquire.Target target, Work work) {
        return (store, tell) -> {
            if (store.acquire(acquire(name, target)) instanceof Granted granted) {
                work.with(new SplitHolder(store, tell, name, granted));
            }
        };
    }

    private static Acquire.Target open() {
        return new Acquire.Take(Condition.open().of(workflow()).build());
    }

    static Script takeStepAndEnd(String name) {
        return holding(name, open(), holder -> stepAndEnd(holder, RunStatus.COMPLETED));
    }

    private static void stepAndEnd(SplitHolder holder, RunStatus status) {
        if (holder.step("step of " + holder.name())) {
            holder.end(status);
        }
    }

    /** Writes its end and dies before the head is told; comes back with the same lease and goes on. */
    static Script endAndTakeAgain(String name) {
        return (store, tell) -> {
            if (store.acquire(acquire(name, open())) instanceof Granted first) {
                SplitHolder holder = new SplitHolder(store, tell, name, first);
                store.append(holder.entry(new EntryBody.End(RunStatus.COMPLETED, new StepOutcome.Nothing(), "")));
            }
            takeStepAndEnd(name).run(store, tell);
        };
    }

    /** Is refused, most often; then sends a signal. */
    static Script takeThenSignal(String name) {
        return (store, tell) -> {
            store.acquire(acquire(name, open()));
            signal("from " + name).run(store, tell);
        };
    }

    static Script takeAndFail(String name) {
        return holding(name, open(), holder -> holder.end(RunStatus.FAILED));
    }

    static Script takeStepAndRelease(String name) {
        return holding(name, open(), holder -> {
            if (holder.step("step of " + name)) {
                holder.head(HeadChange.ready(Due.now()).build());
            }
        });
    }

    /** Asks for the lease a second time, as if the first answer had been lost. */
    static Script takeTwiceStepAndEnd(String name) {
        return (store, tell) -> {
            if (store.acquire(acquire(name, open())) instanceof Granted first) {
                new SplitHolder(store, tell, name, first);
            }
            takeStepAndEnd(name).run(store, tell);
        };
    }

    static Script takeAndWait(String name, Optional<Instant> due, String... awaits) {
        return holding(name, open(), holder -> consumeOrWait(holder, due, awaits));
    }

    /** What an await does: the message that is there is consumed, else the run waits. */
    private static void consumeOrWait(SplitHolder holder, Optional<Instant> due, String... awaits) {
        List<Received> inbox = holder.page().messages();
        boolean isConsumed = holder.page().entries().stream()
                .anyMatch(entry -> !consumedBy(entry).isEmpty());
        if (isConsumed || inbox.isEmpty() || awaits.length == 0) {
            holder.suspend(due, awaits);
        } else if (holder.step("got " + inbox.get(0).message().id())) {
            holder.end(RunStatus.COMPLETED);
        }
    }

    private static Optional<SplitHolder> claimed(String name, SplitProtocol store, Consumer<SplitFact> tell) {
        Claim claim = new Claim(lease(name), List.of(workflow()), 1, TTL, grant(name));
        return store.claim(claim, RUN).map(granted -> new SplitHolder(store, tell, name, granted));
    }

    static Script claimStepAndEnd(String name) {
        return (store, tell) -> claimed(name, store, tell).ifPresent(h -> stepAndEnd(h, RunStatus.COMPLETED));
    }

    /** Claims a run that waits, and consumes what came or waits again. */
    static Script claimAndGoOn(String name) {
        return (store, tell) ->
                claimed(name, store, tell).ifPresent(holder -> consumeOrWait(holder, Optional.empty(), SIGNAL));
    }

    static Script cancel(String name) {
        Condition condition = Condition.open().over(Condition.Over.LIVE).build();
        return holding(name, new Acquire.Take(condition), holder -> holder.end(RunStatus.CANCELLED));
    }

    static Script signal(String id) {
        return (store, tell) -> {
            tell.accept(new SplitFact.Sending(id));
            if (store.signal(RUN, new Message(id, SIGNAL, Bytes.empty())) == Signalled.STORED) {
                tell.accept(new SplitFact.Stored(incarnation("any"), id));
            }
        };
    }

    static Script retry(String name) {
        Acquire.Target failed =
                new Acquire.Take(Condition.failed().of(workflow()).build());
        return holding(name, failed, holder -> stepAndEnd(holder, RunStatus.COMPLETED));
    }

    static Script retryAndRelease(String name) {
        Acquire.Target failed =
                new Acquire.Take(Condition.failed().of(workflow()).build());
        return holding(
                name, failed, holder -> holder.head(HeadChange.ready(Due.now()).build()));
    }

    private static Acquire.Target at(Revision revision) {
        return new Acquire.Take(Condition.openOrEnded().at(revision).build());
    }

    static Script delete(String name, Revision revision) {
        return (store, tell) -> holding(name, at(revision), holder -> {
                    if (holder.head(HeadChange.gone(0).build()) instanceof Settled.Done) {
                        store.erase(new Erase.Leftover(RUN, revision.incarnation()));
                        tell.accept(new SplitFact.Deleted(revision.incarnation(), revision.count()));
                    } else {
                        holder.head(HeadChange.expired().build());
                    }
                })
                .run(store, tell);
    }

    /** Reads the run, and deletes what it read. */
    static Script deleteAsRead(String name) {
        return (store, tell) ->
                read(store).ifPresent(revision -> delete(name, revision).run(store, tell));
    }

    /** Deletes what it reads, dies before anything is stripped, and creates the run anew. */
    static Script deleteAndCreate(String name) {
        return (store, tell) -> read(store).ifPresent(revision -> {
            holding(name, at(revision), holder -> holder.head(HeadChange.gone(0).build()))
                    .run(store, tell);
            create(name + " anew", "of " + name).run(store, tell);
        });
    }

    private static Optional<Revision> read(SplitProtocol store) {
        return store.read(new Read(RUN, new Cursor.Start(), 1 << 20)).map(page -> {
            Fold fold = new Fold(RUN, page.head().incarnation());
            page.entries().forEach(fold::add);
            return fold.revision();
        });
    }

    static Script restore(String name, Revision revision) {
        return (store, tell) -> holding(name, at(revision), holder -> {
                    // Every grant writes into an incarnation of its own, else a repeat would find its places taken
                    // (R10).
                    Incarnation beside = incarnation(name + " " + holder.lease().token());
                    if (!(holder.head(HeadChange.naming(beside).build()) instanceof Settled.Done)
                            || !pages(store, holder.lease().over(beside))) {
                        return;
                    }
                    HeadChange change =
                            HeadChange.ready(Due.now()).switchingTo(beside, 0).build();
                    if (holder.head(change) instanceof Settled.Done) {
                        store.erase(new Erase.Leftover(RUN, revision.incarnation()));
                        tell.accept(new SplitFact.Restored(beside, 2));
                    } else {
                        holder.head(HeadChange.expired().build());
                    }
                })
                .run(store, tell);
    }

    private static boolean pages(SplitProtocol store, Lease lease) {
        Entry first = Entry.grant(lease, 0, EntryKind.GRANT, grant("restorer"));
        Entry second = page(lease, 1);
        return SplitHolder.isDone(store.append(first), first) && SplitHolder.isDone(store.append(second), second);
    }

    private static Entry page(Lease lease, long place) {
        Bytes step = EntryCodec.encode(new EntryBody.Steps(List.of(SplitHolder.record("restored"))));
        return Entry.of(lease, place, EntryKind.PLAIN, CommitId.of(lease.id(), 900 + place), step);
    }

    static Script create(String name, String incarnation) {
        Acquire.Target target = new Acquire.Create(newRun(incarnation, RunStatus.READY));
        return (store, tell) -> holding(name, target, holder -> {
                    tell.accept(
                            new SplitFact.Created(lease(name), holder.lease().incarnation()));
                    stepAndEnd(holder, RunStatus.COMPLETED);
                })
                .run(store, tell);
    }

    static Script createTwice(String name, String incarnation) {
        Acquire.Target target = new Acquire.Create(newRun(incarnation, RunStatus.READY));
        return (store, tell) -> {
            if (store.acquire(acquire(name, target)) instanceof Granted first) {
                new SplitHolder(store, tell, name, first);
            }
            create(name, incarnation).run(store, tell);
        };
    }

    static Script importRun(String name, String incarnation) {
        Acquire.Target target = new Acquire.Create(newRun(incarnation, RunStatus.ARRIVING));
        return (store, tell) -> holding(name, target, holder -> {
                    Entry page = page(holder.lease(), 1);
                    boolean isWritten = SplitHolder.isDone(store.append(page), page);
                    if (isWritten && holder.head(HeadChange.ready(Due.now()).build()) instanceof Settled.Done) {
                        tell.accept(new SplitFact.Restored(holder.lease().incarnation(), 2));
                    }
                })
                .run(store, tell);
    }

    /** Removes an ended run, as a purge does after it listed the head. */
    static Script purge() {
        return (store, tell) -> store.read(new Read(RUN, new Cursor.Start(), 1)).ifPresent(page -> {
            Head head = page.head();
            Erase.Ended ended = new Erase.Ended(RUN, head.incarnation(), head.token(), head.changed());
            if (head.status().isTerminal() && store.erase(ended) == Erased.ERASED) {
                tell.accept(new SplitFact.Deleted(head.incarnation(), SplitFact.AS_ENDED));
            }
        });
    }

    /** Sweeps what a head, as it was listed, names as left behind. */
    static Script sweep() {
        return (store, tell) -> store.read(new Read(RUN, new Cursor.Start(), 1)).ifPresent(page -> {
            Head head = page.head();
            store.erase(new Erase.Fences(RUN, head.incarnation(), head.token(), head.changed()));
        });
    }
}
