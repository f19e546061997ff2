// SPDX-License-Identifier: Apache-2.0
package dev.cairn.memory;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Claim;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Erase;
import dev.cairn.spi.Erased;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadRules;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Message;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.Refused;
import dev.cairn.spi.Renewal;
import dev.cairn.spi.Renewed;
import dev.cairn.spi.RunPage;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.Signalled;
import dev.cairn.spi.StoreOptions;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One call of a store, under the storage's lock, at one time of its clock. */
final class Transaction {
    private final StoredRuns runs;
    private final StoreOptions options;
    private final Instant now;

    Transaction(StoredRuns runs, StoreOptions options, Instant now) {
        this.runs = runs;
        this.options = options;
        this.now = now;
    }

    Appended append(Entry entry) {
        Lease lease = entry.lease();
        Optional<StoredJournal> journal = runs.journal(lease.runId(), lease.incarnation());
        Optional<Entry> there = journal.flatMap(written -> written.at(entry.place()));
        if (there.isPresent()) {
            return new Appended.Taken(there.get());
        }
        if (!mayWrite(entry, journal)) {
            return new Appended.Fenced();
        }
        journal.orElseGet(() -> runs.begun(lease.runId(), lease.incarnation())).add(entry);
        return new Appended.Written();
    }

    /** The journal alone decides, but for the first entry of an incarnation, which has none before it. */
    private boolean mayWrite(Entry entry, Optional<StoredJournal> journal) {
        Lease lease = entry.lease();
        if (entry.place() > 0) {
            return journal.isPresent() && journal.get().follows(entry);
        }
        return runs.head(lease.runId()).filter(head -> head.admits(lease)).isPresent();
    }

    Acquired acquire(Acquire request) {
        Optional<Head> found = runs.head(request.runId());
        HeadRules.Journal journal = existing(found)
                .map(runs::journalOf)
                .orElseGet(() -> new StoredJournal(request.runId(), Incarnation.random()));
        HeadRules.Decision decision = HeadRules.acquire(request, found, journal, now);
        if (decision instanceof HeadRules.Grant grant) {
            found.filter(old -> !old.incarnation().equals(grant.head().incarnation()))
                    .ifPresent(old -> runs.removeJournal(old.runId(), old.incarnation()));
            runs.put(grant.head());
            runs.journalOf(grant.head()).add(grant.entry());
            return granted(grant.head());
        }
        if (decision instanceof HeadRules.Again) {
            return granted(found.orElseThrow());
        }
        if (decision instanceof HeadRules.Refuse refuse) {
            return refused(refuse.reason(), found);
        }
        throw new AssertionError(decision);
    }

    /** A deleted run has no journal to ask, and must not get one that would stay. */
    private static Optional<Head> existing(Optional<Head> found) {
        return found.filter(head -> head.status() != RunStatus.GONE);
    }

    private Granted granted(Head head) {
        return new Granted(
                head.standing().orElseThrow(), left(head), page(head, new Cursor.Start(), options.pageBytes()));
    }

    private Refused refused(Refused.Reason reason, Optional<Head> found) {
        Optional<Head> head = existing(found);
        List<Entry> ended = reason == Refused.Reason.ENDED
                ? head.map(h -> runs.journalOf(h).ended()).orElse(List.of())
                : List.of();
        return new Refused(reason, head, head.map(this::left).orElse(Duration.ZERO), ended);
    }

    private Duration left(Head head) {
        return head.lease().map(term -> term.left(now)).orElse(Duration.ZERO);
    }

    List<Granted> claim(Claim request) {
        List<Head> taken = request.among(runs.heads(), now).stream()
                .filter(head -> request.isCarriedBy(head) || isDue(head, request))
                .limit(request.limit())
                .toList();
        return taken.stream()
                .map(head -> acquire(HeadRules.claimOne(
                        request, head.runId(), request.workflowOf(head).orElseThrow())))
                .filter(Granted.class::isInstance)
                .map(Granted.class::cast)
                .toList();
    }

    /** An ended run is never due, not even under a lease that ran out: one that a delete took and did not settle. */
    private boolean isDue(Head head, Claim request) {
        return !head.isWaiting(now)
                && !head.status().isTerminal()
                && !runs.journalOf(head).hasGrantOf(request.id());
    }

    Settled settle(Settle request) {
        Optional<Head> found = runs.head(request.lease().runId());
        Entry entry = request.entry().orElse(null);
        if (entry == null) {
            return changed(HeadRules.settle(request, found, now));
        }
        Optional<Entry> there = runs.journal(
                        entry.lease().runId(), entry.lease().incarnation())
                .flatMap(journal -> journal.at(entry.place()));
        if (there.isPresent()) {
            return there.get().equals(entry) && found.isPresent()
                    ? repeated(request, found.get())
                    : new Settled.Taken(there.get());
        }
        Settled answer = HeadRules.settle(request, found, now);
        if (answer instanceof Settled.Done && append(entry) instanceof Appended.Fenced) {
            return new Settled.Lost(found);
        }
        return changed(answer);
    }

    /** The entry counts already. Where it came by an append, its head is still to be written. */
    private Settled repeated(Settle request, Head head) {
        Settled answer = HeadRules.settle(request, Optional.of(head), now);
        return answer instanceof Settled.Done ? changed(answer) : new Settled.Done(head);
    }

    private Settled changed(Settled answer) {
        if (answer instanceof Settled.Done done) {
            runs.put(done.head());
        }
        return answer;
    }

    Renewed renew(Renewal renewal) {
        Optional<Head> renewed =
                HeadRules.renew(renewal, runs.head(renewal.lease().runId()), now);
        renewed.ifPresent(runs::put);
        return renewed.isPresent() ? new Renewed.Held(renewal.ttl()) : new Renewed.Lost();
    }

    Signalled signal(String runId, Message message) {
        Optional<Head> found = runs.head(runId);
        Signalled answer = HeadRules.receives(found);
        if (answer == Signalled.STORED) {
            Head head = found.orElseThrow();
            StoredJournal journal = runs.journalOf(head);
            boolean isNew = !journal.hasReceived(message);
            if (isNew) {
                journal.receive(message, head.signals());
            }
            runs.put(HeadRules.signalled(head, message.name(), isNew, now));
        }
        return answer;
    }

    Optional<Page> read(Read request) {
        return existing(runs.head(request.runId()))
                .filter(head -> !(request.from() instanceof Cursor.After after)
                        || after.incarnation().equals(head.incarnation()))
                .map(head -> page(head, request.from(), request.maxBytes()));
    }

    private Page page(Head head, Cursor from, int maxBytes) {
        return Pages.cut(head, runs.journalOf(head), from, maxBytes, now);
    }

    RunPage list(RunQuery query) {
        return query.page(runs.heads(), options.namespace(), now);
    }

    Erased erase(Erase erase) {
        Optional<Head> found = runs.head(erase.runId());
        if (erase instanceof Erase.Leftover leftover) {
            return eraseLeftover(leftover, found);
        }
        if (erase instanceof Erase.Ended ended) {
            return eraseEnded(ended, found);
        }
        if (erase instanceof Erase.Fences fences) {
            return sweep(fences, found);
        }
        throw new AssertionError(erase);
    }

    private Erased eraseLeftover(Erase.Leftover leftover, Optional<Head> found) {
        if (!HeadRules.isLeftover(leftover, found)) {
            return Erased.KEPT;
        }
        runs.removeJournal(leftover.runId(), leftover.incarnation());
        return Erased.ERASED;
    }

    private Erased eraseEnded(Erase.Ended ended, Optional<Head> found) {
        Optional<Head> gone = HeadRules.erase(ended, found, now);
        gone.ifPresent(head -> {
            runs.put(head);
            runs.removeJournal(head.runId(), head.incarnation());
        });
        return gone.isPresent() || existing(found).isEmpty() ? Erased.ERASED : Erased.KEPT;
    }

    /** No fences are kept beside the head: whatever is written is judged by what stands before it, under one lock. */
    private Erased sweep(Erase.Fences fences, Optional<Head> found) {
        Optional<HeadRules.Sweep> swept = HeadRules.sweep(fences, found, now.minus(options.fenceTime()));
        swept.ifPresent(sweep -> {
            sweep.remove().forEach(incarnation -> runs.removeJournal(fences.runId(), incarnation));
            sweep.head().ifPresentOrElse(runs::put, () -> runs.remove(fences.runId()));
        });
        return swept.isPresent() || found.isEmpty() ? Erased.ERASED : Erased.KEPT;
    }
}
