// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.state.Names;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The methods of a store whose every request is atomic and no two of them together: what a {@link StateStore} says of its
 * methods holds for these, whoever dies between two requests. The journal is the truth; heads follow it. Safe for use by
 * several threads if the storage is.
 *
 * <p>The store's own are: the checks of sizes ({@link Facts.Limits}); listing ({@link RunQuery#page}); which runs a claim
 * asks for ({@link Claim#among}); and, before an append or a settle with an entry, the look at its place. It may be asked
 * for if something that is not stripped stands there, or it {@link Entry#mayFollow} the entry before; at place 0, if the
 * head {@link Head#admits} its lease. Else the answer is fenced, or lost.
 */
public final class SplitProtocol {
    private static final int MOST_TRIES = 1_000;

    private final SplitStorage storage;
    private final int pageBytes;
    private final Duration fenceTime;
    private final SplitSteps steps;

    /** The protocol over a storage, with the pages and the fence time of these options. */
    public SplitProtocol(SplitStorage storage, StoreOptions options) {
        this(storage, options, new SplitSteps());
    }

    SplitProtocol(SplitStorage storage, StoreOptions options, SplitSteps steps) {
        this.storage = storage;
        this.pageBytes = options.pageBytes();
        this.fenceTime = options.fenceTime();
        this.steps = steps;
    }

    /**
     * Writes one entry if its place is free; a lease that was superseded finds its place taken. Does not look at the place
     * before, see above.
     */
    public Appended append(Entry entry) {
        if (storage.insert(entry)) {
            return new Appended.Written();
        }
        return at(entry).<Appended>map(Appended.Taken::new).orElseGet(Appended.Fenced::new);
    }

    private Optional<Entry> at(Entry entry) {
        Lease lease = entry.lease();
        return storage.readEntries(lease.runId(), lease.incarnation(), entry.place(), 1).entries().stream()
                .findFirst()
                .filter(there -> there.place() == entry.place());
    }

    /**
     * Takes the lease of a run and writes its grant, or says why not. A refusal may leave the lease in the head, run out; a
     * {@link dev.cairn.error.CorruptException} leaves it there until it runs out. The journal is unchanged in both cases.
     */
    public Acquired acquire(Acquire request) {
        for (int i = 0; i < MOST_TRIES; i++) {
            Optional<Acquired> taken = taken(request);
            if (taken.isPresent()) {
                return taken.get();
            }
            SplitStorage.Seen seen = storage.readHead(request.runId());
            HeadRules.Decision decision = SplitDecision.of(request, seen.head(), seen.storeTime());
            if (decision instanceof HeadRules.Again) {
                return over(
                        request,
                        condition(request.target()),
                        new SplitStorage.Updated(seen.head().orElseThrow(), seen.storeTime()));
            }
            if (decision instanceof HeadRules.Refuse refuse) {
                return refused(refuse.reason(), request.runId(), seen);
            }
            // It could be granted now: the head changed between the two requests. Once more.
        }
        throw unknown("acquire", request.runId());
    }

    private Optional<Acquired> taken(Acquire request) {
        if (request.target() instanceof Acquire.Create create) {
            return created(request, create.run());
        }
        if (request.target() instanceof Acquire.Take take) {
            return taken(request, take.condition());
        }
        if (request.target() instanceof Acquire.CreateOrTake either) {
            return created(request, either.run()).or(() -> taken(request, either.condition()));
        }
        throw new AssertionError(request.target());
    }

    private Optional<Acquired> created(Acquire request, NewRun run) {
        return storage.updateHead(new SplitUpdate.Create(request, run))
                .map(head -> over(request, Condition.open().build(), head));
    }

    private Optional<Acquired> taken(Acquire request, Condition condition) {
        return storage.updateHead(new SplitUpdate.Take(request, condition)).map(head -> over(request, condition, head));
    }

    private Acquired over(Acquire request, Condition condition, SplitStorage.Updated head) {
        return steps.acquire(storage, request, condition, head, pageBytes).run();
    }

    private static Condition condition(Acquire.Target target) {
        if (target instanceof Acquire.Take take) {
            return take.condition();
        }
        return target instanceof Acquire.CreateOrTake either
                ? either.condition()
                : Condition.open().build();
    }

    private Refused refused(Refused.Reason reason, String runId, SplitStorage.Seen seen) {
        Optional<Head> head = seen.head().filter(h -> h.status() != RunStatus.GONE);
        Duration left = head.flatMap(Head::lease)
                .map(term -> term.left(seen.storeTime()))
                .orElse(Duration.ZERO);
        if (reason != Refused.Reason.ENDED
                || head.isEmpty()
                || !head.get().status().isTerminal()) {
            return new Refused(reason, head, left, List.of());
        }
        List<Entry> ended = journal(runId, head.get().incarnation()).ended();
        // The head says ended, the journal does not: a retry has just reopened it.
        return new Refused(ended.isEmpty() ? Refused.Reason.HELD : reason, head, left, ended);
    }

    private SplitJournal journal(String runId, Incarnation incarnation) {
        return new SplitJournal(storage, runId, incarnation, pageBytes).readOn();
    }

    /**
     * Takes the lease of one run if it is due; what the journal shows to have ended or to sleep is settled instead. A repeat
     * under the lease that this claim took is granted again. Which runs to ask for, and in which order, {@link Claim#among}
     * says.
     *
     * @return empty if it was not claimed
     */
    public Optional<Granted> claim(Claim claim, String runId) {
        SplitStorage.Updated taken =
                storage.updateHead(new SplitUpdate.TakeDue(claim, runId)).orElse(null);
        if (taken == null) {
            SplitStorage.Seen seen = storage.readHead(runId);
            taken = seen.head()
                    .filter(claim::isCarriedBy)
                    .map(head -> new SplitStorage.Updated(head, seen.storeTime()))
                    .orElse(null);
        }
        WorkflowVersions workflow =
                taken == null ? null : claim.workflowOf(taken.head()).orElse(null);
        if (taken == null || workflow == null) {
            return Optional.empty();
        }
        Condition awake =
                Condition.open().butNot(RunStatus.SUSPENDED).of(workflow).build();
        Acquired answer = over(HeadRules.claimOne(claim, runId, workflow), awake, taken);
        return answer instanceof Granted granted ? Optional.of(granted) : Optional.empty();
    }

    /**
     * Under a lease, writes an entry and then changes the head. Where the entry is fenced the head stays as it is. Once the
     * entry counts, a refused head is no failure. Does not look at the place before, see above.
     */
    public Settled settle(Settle request) {
        Entry entry = request.entry().orElse(null);
        if (entry == null) {
            return changed(request);
        }
        Appended appended = append(entry);
        if (appended instanceof Appended.Taken taken && !taken.entry().equals(entry)) {
            return new Settled.Taken(taken.entry());
        }
        if (appended instanceof Appended.Fenced) {
            return new Settled.Lost(storage.readHead(request.lease().runId()).head());
        }
        Settled answer = changed(request);
        if (answer instanceof Settled.Done) {
            return answer;
        }
        if (entry.kind() == EntryKind.END) {
            steps.showEnd(storage, entry, pageBytes);
        }
        Optional<Head> head = storage.readHead(request.lease().runId()).head();
        return head.<Settled>map(Settled.Done::new).orElse(answer);
    }

    /** Extends one lease; a lost one leaves the head as it was. */
    public Renewed renew(Renewal renewal) {
        return storage.updateHead(new SplitUpdate.Renew(renewal)).isPresent()
                ? new Renewed.Held(renewal.ttl())
                : new Renewed.Lost();
    }

    private Settled changed(Settle request) {
        Optional<SplitStorage.Updated> changed =
                storage.updateHead(new SplitUpdate.Change(request.lease(), request.change()));
        if (changed.isPresent()) {
            return new Settled.Done(changed.get().head());
        }
        Optional<Head> head = storage.readHead(request.lease().runId()).head();
        return head.filter(h -> h.isHeldBy(request.lease()))
                .<Settled>map(Settled.Signalled::new)
                .orElseGet(() -> new Settled.Lost(head));
    }

    /** Puts a message into a run's inbox, counts it, and wakes the run if it waits for its name; only then it is stored. */
    public Signalled signal(String runId, Message message) {
        Names.check("run id", runId);
        for (int i = 0; i < MOST_TRIES; i++) {
            Optional<Head> found = storage.readHead(runId).head();
            Signalled answer = HeadRules.receives(found);
            if (answer != Signalled.STORED) {
                return answer;
            }
            Head head = found.orElseThrow();
            storage.putMessage(runId, head.incarnation(), new Received(message, head.signals()));
            if (storage.updateHead(new SplitUpdate.Signal(runId, head.incarnation(), message.name()))
                    .isPresent()) {
                return Signalled.STORED;
            }
        }
        throw unknown("signal", runId);
    }

    /** Reads a page of a run: its head first. Empty if it is not there, or is being removed. */
    public Optional<Page> read(Read request) {
        return new SplitPages(storage, request.maxBytes()).read(request.runId(), request.from());
    }

    /** Removes what is still as expected; of a journal, every place stays, stripped, until the fence time is over. */
    public Erased erase(Erase erase) {
        Objects.requireNonNull(erase);
        if (erase instanceof Erase.Leftover leftover) {
            return HeadRules.isLeftover(
                            leftover, storage.readHead(erase.runId()).head())
                    ? stripped(erase.runId(), leftover.incarnation())
                    : Erased.KEPT;
        }
        if (erase instanceof Erase.Ended ended) {
            return eraseEnded(ended);
        }
        if (erase instanceof Erase.Fences fences) {
            return sweep(fences);
        }
        throw new AssertionError(erase);
    }

    private Erased stripped(String runId, Incarnation incarnation) {
        storage.strip(runId, incarnation);
        storage.removeMessages(runId, incarnation);
        return Erased.ERASED;
    }

    private Erased eraseEnded(Erase.Ended ended) {
        boolean isGone = storage.updateHead(new SplitUpdate.EraseEnded(ended)).isPresent();
        Optional<Head> head =
                isGone ? Optional.empty() : storage.readHead(ended.runId()).head();
        if (head.filter(h -> h.status() != RunStatus.GONE).isPresent()) {
            return Erased.KEPT;
        }
        boolean isAnother =
                head.filter(h -> !h.incarnation().equals(ended.incarnation())).isPresent();
        return isAnother ? Erased.ERASED : stripped(ended.runId(), ended.incarnation());
    }

    /** First what is named, then the name: nothing is ever left that no head names. */
    private Erased sweep(Erase.Fences fences) {
        SplitStorage.Seen seen = storage.readHead(fences.runId());
        Instant before = seen.storeTime().minus(fenceTime);
        HeadRules.Sweep sweep = HeadRules.sweep(fences, seen.head(), before).orElse(null);
        if (sweep == null) {
            return seen.head().isPresent() ? Erased.KEPT : Erased.ERASED;
        }
        List<Incarnation> removed = new ArrayList<>(sweep.remove());
        for (Incarnation old : removed) {
            storage.removeEntries(fences.runId(), old);
            storage.removeMessages(fences.runId(), old);
        }
        boolean done = sweep.head().isPresent()
                ? storage.updateHead(new SplitUpdate.Unname(fences, removed)).isPresent()
                : storage.removeHead(fences, removed);
        return done ? Erased.ERASED : Erased.KEPT;
    }

    private static OutcomeUnknownException unknown(String what, String runId) {
        return new OutcomeUnknownException(what + " of run " + runId + " met another change of its head " + MOST_TRIES
                + " times; repeat it with the same id");
    }
}
