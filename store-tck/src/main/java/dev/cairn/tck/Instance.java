// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Due;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.Erase;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Message;
import dev.cairn.spi.NewRun;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.Renewal;
import dev.cairn.spi.Renewed;
import dev.cairn.spi.Revision;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.Signalled;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.StepCacheStore;
import dev.cairn.spi.StoreOptions;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One opened store, standing for one process, with short words for what core sends. Where a clause prepares something, a
 * wrong answer is an {@link IllegalStateException}: the clause did not get as far as what it is about.
 */
final class Instance implements AutoCloseable {
    private final Trial trial;
    private final String name;
    private final StateStore store;
    private final String storage;
    private final StoreOptions options;

    Instance(Trial trial, String name, StateStore store, String storage, StoreOptions options) {
        this.trial = trial;
        this.name = name;
        this.store = store;
        this.storage = storage;
        this.options = options;
    }

    StateStore store() {
        return store;
    }

    /** The same process, whose requests meet a gate. */
    Instance meeting(Splitting.Gate gate) {
        return new Instance(trial, name, Gated.store(store, gate), storage, options);
    }

    /** The same process, whose calls go through this store. */
    Instance calling(StateStore over) {
        return new Instance(trial, name, over, storage, options);
    }

    /** Its step cache; only where that is declared. */
    StepCacheStore cache() {
        return (StepCacheStore) store;
    }

    String storage() {
        return storage;
    }

    StoreOptions options() {
        return options;
    }

    /** Closes it and opens the storage again. */
    Instance reopen() {
        close();
        return trial.open(name, storage, options);
    }

    @Override
    public void close() {
        store.close();
    }

    // --- leases

    /** Creates a run under a lease that lasts. */
    Granted create(String runId) {
        return create(runId, Requests.newRun());
    }

    Granted create(String runId, NewRun run) {
        return granted(store.acquire(Requests.acquire(runId, new Acquire.Create(run))));
    }

    /** Creates a run and gives its lease back: ready, due now. */
    void createFree(String runId) {
        free(create(runId).lease());
    }

    /** Asks for a run that is open and free or abandoned. */
    Acquired acquire(String runId) {
        return store.acquire(
                Requests.acquire(runId, new Acquire.Take(Condition.open().build())));
    }

    Acquired acquire(String runId, Condition condition) {
        return store.acquire(Requests.acquire(runId, new Acquire.Take(condition)));
    }

    /** Asks for a run, open or ended, at a revision: what a delete and a restore begin with. */
    Acquired acquireAt(String runId, Revision expected) {
        return acquire(runId, Condition.openOrEnded().at(expected).build());
    }

    /** Takes a run that is open and free or abandoned. */
    Granted take(String runId) {
        return granted(acquire(runId));
    }

    /** Takes a run over although its lease is live. */
    Granted supersede(String runId) {
        return granted(acquire(runId, Condition.open().over(Condition.Over.LIVE).build()));
    }

    /** Claims due runs under leases that last. */
    List<Granted> claim(int limit) {
        return store.claim(Requests.claim(limit));
    }

    static Granted granted(Acquired answer) {
        if (answer instanceof Granted granted) {
            return granted;
        }
        throw new IllegalStateException("the clause needs a lease, and the store answered " + Words.of(answer));
    }

    Renewed renew(Lease lease, Duration ttl) {
        return store.renew(List.of(new Renewal(lease, ttl, ""))).get(0);
    }

    /** Lets a lease have run out, without waiting: what a refused acquirer leaves. */
    void expire(Lease lease) {
        done(store.settle(Settle.of(lease, HeadChange.expired().build())));
    }

    /** Gives a run back: ready, due now. */
    Settled release(Lease lease) {
        return store.settle(Settle.of(lease, HeadChange.ready(Due.now()).build()));
    }

    void free(Lease lease) {
        done(release(lease));
    }

    // --- entries

    Appended append(Entry entry) {
        return store.append(List.of(entry)).get(0);
    }

    /** Appends a step with this text in it. */
    Appended step(Lease lease, long place, String text) {
        return append(Requests.step(lease, place, text));
    }

    /** Appends steps from this place on, which have to be written. */
    void steps(Lease lease, long from, int count) {
        for (long place = from; place < from + count; place++) {
            Appended answer = step(lease, place, "step-" + place);
            if (!(answer instanceof Appended.Written)) {
                throw new IllegalStateException(
                        "the clause needs a step at place " + place + ", and the store answered " + Words.of(answer));
            }
        }
    }

    /** Writes the end of a run and settles its head. */
    Settled end(Lease lease, long place, RunStatus status) {
        return store.settle(Settle.of(
                Requests.end(lease, place, status), HeadChange.ended(status).build()));
    }

    /** Creates a run and ends it. */
    void createEnded(String runId, RunStatus status) {
        done(end(create(runId).lease(), 1, status));
    }

    /** Writes a suspension and settles the head. */
    Settled suspend(Lease lease, long place, Optional<Instant> due, long signalsSeen, String... awaits) {
        EntryBody.Suspension body = EntryBody.Suspension.of(Set.of(awaits), due, signalsSeen);
        Due when = due.map(Due::at).orElse(Due.never());
        return store.settle(Settle.of(
                Requests.entry(lease, place, body),
                HeadChange.suspended(Set.of(awaits), when, signalsSeen).build()));
    }

    Signalled signal(String runId, Message message) {
        return store.signal(runId, message);
    }

    static Settled.Done done(Settled answer) {
        if (answer instanceof Settled.Done done) {
            return done;
        }
        throw new IllegalStateException(
                "the clause needs a settle to be done, and the store answered " + Words.of(answer));
    }

    // --- reading

    /** The whole run, read in pages; empty if there is none. */
    Optional<Seen> find(String runId) {
        return Seen.read(store, runId, 4 << 20);
    }

    Seen read(String runId) {
        return find(runId)
                .orElseThrow(() -> new IllegalStateException(
                        "the clause needs run " + Words.quoted(runId) + ", and it is not there"));
    }

    /** The entries as they are handed out, not judged. */
    List<Entry> entries(String runId) {
        return Seen.entries(store, runId, 4 << 20);
    }

    Head head(String runId) {
        return store.read(new Read(runId, new Cursor.Start(), 1))
                .map(Page::head)
                .orElseThrow(() -> new IllegalStateException(
                        "the clause needs run " + Words.quoted(runId) + ", and it is not there"));
    }

    /** The store's clock. */
    Instant now() {
        return store.list(RunQuery.all().limit(1).build()).storeTime();
    }

    Revision revision(String runId) {
        return read(runId).revision();
    }

    /** All that a query asks for, page after page, in the order in which it comes. The builder is used up. */
    List<Head> listed(RunQuery.Builder query) {
        return Listings.all(store, query);
    }

    // --- what core makes of it

    /** Deletes a run at a revision: takes it, settles it gone, erases what is left. */
    Settled delete(String runId, Revision expected) {
        Granted granted = granted(acquireAt(runId, expected));
        Settled gone = store.settle(Settle.of(
                granted.lease(),
                HeadChange.gone(granted.page().head().signals()).build()));
        if (gone instanceof Settled.Done) {
            leave(runId, granted.lease().incarnation());
        }
        return gone;
    }

    /** Deletes a run as it is. */
    void delete(String runId) {
        done(delete(runId, revision(runId)));
    }

    /** Erases what is left of an incarnation that is not the run any more. */
    void leave(String runId, Incarnation incarnation) {
        store.erase(List.of(new Erase.Leftover(runId, incarnation)));
    }

    /** Removes at most so many runs that ended so long ago, gives up arrivals that were cut, and sweeps fences. */
    Purge.Purged purge(Duration age, int limit) {
        return new Purge(this).run(age, limit);
    }

    /** Replaces a run by another record of it: steps with these texts, behind the first grant. */
    Settled restore(String runId, Revision expected, String... texts) {
        Granted mover = granted(acquireAt(runId, expected));
        Incarnation next = Incarnation.random();
        done(store.settle(Settle.of(mover.lease(), HeadChange.naming(next).build())));
        Lease beside = mover.lease().over(next);
        append(Requests.firstEntry(beside));
        for (int i = 0; i < texts.length; i++) {
            step(beside, i + 1L, texts[i]);
        }
        Settled switched = store.settle(Settle.of(
                mover.lease(),
                HeadChange.ready(Due.now())
                        .switchingTo(next, mover.page().head().signals())
                        .build()));
        if (switched instanceof Settled.Done) {
            leave(runId, mover.lease().incarnation());
        }
        return switched;
    }

    @Override
    public String toString() {
        return name;
    }
}
