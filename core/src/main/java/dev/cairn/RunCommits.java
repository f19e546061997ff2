// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.error.CairnException;
import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.error.PayloadTooLargeException;
import dev.cairn.error.StoreUnavailableException;
import dev.cairn.spi.Appended;
import dev.cairn.spi.CommitId;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.EntryCodec;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.state.RunStatus;
import dev.cairn.state.StepRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commits of one execution: one under way at a time, at the place behind the last; steps that finish meanwhile travel
 * together in the next one. What it throws, but for a payload that is too large, is {@link RunStopped}.
 */
final class RunCommits {
    private static final Logger LOG = LoggerFactory.getLogger(RunCommits.class);

    private final Connection connection;
    private final HeldLease held;
    private final RunRecord record;
    private final Runnable renewal;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition written = lock.newCondition();
    private final List<Waiting> waiting = new ArrayList<>();
    private long commits;
    private boolean writing;
    private @Nullable Throwable broken;

    /** A step that waits to be written. */
    private static final class Waiting {
        private final StepRecord step;
        private boolean written;
        private boolean done;
        private @Nullable Throwable failure;

        private Waiting(StepRecord step) {
            this.step = step;
        }
    }

    /**
     * The commits under a lease.
     *
     * @param renewal renews the lease or throws {@link RunStopped}: nothing is committed under one that ran out
     */
    RunCommits(Connection connection, HeldLease held, RunRecord record, Runnable renewal) {
        this.connection = connection;
        this.held = held;
        this.record = record;
        this.renewal = renewal;
    }

    /** Records a step; returns when it is durable. */
    void record(StepRecord step) {
        Waiting mine = new Waiting(step);
        List<Waiting> batch;
        lock.lock();
        try {
            waiting.add(mine);
            while (writing && !mine.done) {
                written.awaitUninterruptibly();
            }
            if (mine.done) {
                rethrow(mine.failure);
                return;
            }
            // What became of the commit before is not known, or it was refused: its place is not ours to write behind.
            rethrow(broken);
            batch = new ArrayList<>(waiting);
            waiting.clear();
            writing = true;
        } finally {
            lock.unlock();
        }
        writeAll(batch);
        rethrow(mine.failure);
    }

    /** How many steps wait for the commit that is under way. */
    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    private void writeAll(List<Waiting> batch) {
        @Nullable Throwable failure = null;
        try {
            List<StepRecord> steps = new ArrayList<>(batch.size());
            batch.forEach(one -> steps.add(one.step));
            EntryBody.Steps together = new EntryBody.Steps(steps);
            if (batch.size() == 1
                    || EntryCodec.encode(together).size() <= connection.limits().entryBytes()) {
                write(together);
                batch.forEach(one -> one.written = true);
            } else {
                batch.forEach(this::writeAlone);
            }
        } catch (Throwable e) {
            failure = e;
        } finally {
            lock.lock();
            try {
                writing = false;
                broken = failure instanceof PayloadTooLargeException ? broken : failure;
                for (Waiting one : batch) {
                    one.done = true;
                    one.failure = one.written || one.failure != null ? one.failure : failure;
                }
                written.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** One that is too large by itself is refused by itself; the others of its batch are written. */
    private void writeAlone(Waiting one) {
        try {
            write(new EntryBody.Steps(List.of(one.step)));
            one.written = true;
        } catch (PayloadTooLargeException tooLarge) {
            one.failure = tooLarge;
        }
    }

    private static void rethrow(@Nullable Throwable failure) {
        if (failure != null) {
            Sneaky.rethrow(failure);
        }
    }

    /** Appends one entry and takes it into the record. */
    void write(EntryBody body) {
        Entry entry = next(body);
        while (true) {
            Entry sent = entry;
            Appended answer = uninterrupted(() -> connection.repeats().untilDone(() -> appended(sent)));
            if (answer instanceof Appended.Written) {
                record.addOwn(entry, body);
                return;
            }
            if (answer instanceof Appended.Fenced) {
                throw lost();
            }
            if (!(answer instanceof Appended.Taken taken)) {
                throw new AssertionError(answer);
            }
            Entry behind = stepOver(entry, taken.entry());
            if (behind == null) {
                return;
            }
            entry = behind;
        }
    }

    /**
     * What to do about an entry that stands where one was to be written (contract STEP-10).
     *
     * @return the same commit at the next place; null if it stands there already
     */
    private @Nullable Entry stepOver(Entry sent, Entry there) {
        record.add(there);
        if (there.equals(sent)) {
            return null;
        }
        boolean doesNotCount = there.kind() != EntryKind.STRIPPED
                && there.lease().token() < sent.lease().token();
        if (!doesNotCount) {
            throw lost();
        }
        return sent.at(there.place() + 1);
    }

    private Appended appended(Entry entry) {
        Appended answer = connection.store().append(List.of(entry)).get(0);
        if (answer instanceof Appended.Failed failed) {
            throw failed.cause();
        }
        return answer;
    }

    private Entry next(EntryBody body) {
        if (held.isOut()) {
            renewal.run();
        }
        Entry entry = Entry.of(
                held.lease(),
                record.fold().length(),
                EntryCodec.kindOf(body),
                CommitId.of(held.lease().id(), ++commits),
                EntryCodec.encode(body));
        if (entry.body().size() > connection.limits().entryBytes()) {
            throw new PayloadTooLargeException("run " + held.lease().runId() + ": an entry of "
                    + entry.body().size()
                    + " bytes is over the store's limit of "
                    + connection.limits().entryBytes()
                    + "; return references, such as ids or file names, instead of the data");
        }
        return entry;
    }

    /** Writes an entry and changes the head; the lease is given back. */
    void settle(EntryBody body, HeadChange change) {
        Entry entry = next(body);
        while (true) {
            Settle request = Settle.of(entry, change);
            Settled answer = uninterrupted(() ->
                    connection.repeats().untilDone(() -> connection.store().settle(request)));
            if (answer instanceof Settled.Done) {
                record.addOwn(entry, body);
                return;
            }
            if (answer instanceof Settled.Lost) {
                throw lost();
            }
            if (!(answer instanceof Settled.Taken taken)) {
                throw new AssertionError(answer);
            }
            Entry behind = stepOver(entry, taken.entry());
            entry = behind == null ? entry : behind;
            if (behind == null) {
                throw new AssertionError("a store answered a settle with its own entry, run "
                        + held.lease().runId());
            }
        }
    }

    /** Changes the head alone; the lease is given back. That it stands no more is no failure: there is nothing to give. */
    void release(HeadChange change) {
        uninterrupted(() ->
                connection.repeats().untilDone(() -> connection.store().settle(Settle.of(held.lease(), change))));
    }

    /** The lease does not stand any more. Asks nobody: the heartbeat says it too, and has other leases to keep. */
    RunStopped lost() {
        return new RunStopped(
                StopReason.LEASE_LOST,
                "the lease of run " + held.lease().runId() + " (token "
                        + held.lease().token()
                        + ") is lost: somebody took the run over, or it was cancelled, deleted or replaced",
                null);
    }

    /** Whether it was a cancel that took the lease, read from the journal; no, if that cannot be read now. */
    boolean isCancelled() {
        try {
            return load(connection, held.lease().runId())
                    .filter(now -> now.head().incarnation().equals(held.lease().incarnation()))
                    .flatMap(RunRecord::end)
                    .filter(end -> end.status() == RunStatus.CANCELLED)
                    .isPresent();
        } catch (CairnException e) {
            LOG.warn("run {}: it cannot be read who took it", held.lease().runId(), e);
            return false;
        }
    }

    /** Reads a whole run. Where its incarnation changes between two pages, it begins again. */
    static Optional<RunRecord> load(Connection connection, String runId) {
        int pageBytes = connection.limits().entryBytes();
        while (true) {
            Optional<Page> first = connection
                    .repeats()
                    .untilKnown(() -> connection.store().read(new Read(runId, new Cursor.Start(), pageBytes)));
            if (first.isEmpty()) {
                return Optional.empty();
            }
            RunRecord record = new RunRecord(first.get().head());
            if (addAll(connection, record, first.get())) {
                return Optional.of(record);
            }
        }
    }

    /** Takes a page and all that follow it; answers whether the incarnation stayed. */
    static boolean addAll(Connection connection, RunRecord record, Page first) {
        Page page = first;
        while (true) {
            record.add(page);
            if (page.next().isEmpty()) {
                return true;
            }
            Read request = new Read(
                    record.head().runId(),
                    page.next().get(),
                    connection.limits().entryBytes());
            Optional<Page> next =
                    connection.repeats().untilKnown(() -> connection.store().read(request));
            if (next.isEmpty()) {
                return false;
            }
            page = next.get();
        }
    }

    /** What was done is recorded even if the thread was interrupted meanwhile; the flag is set again afterwards. */
    private <T> T uninterrupted(java.util.function.Supplier<T> request) {
        boolean interrupted = Thread.interrupted();
        try {
            return request.get();
        } catch (PayloadTooLargeException e) {
            throw e;
        } catch (OutcomeUnknownException | StoreUnavailableException e) {
            throw new RunStopped(
                    StopReason.STORE,
                    "run " + held.lease().runId() + ": a commit could not be brought to the store within "
                            + connection.settings().unknownLimit(),
                    e);
        } catch (RuntimeException e) {
            // Whatever it is, no workflow code may see it as its own failure (guarantee G2).
            throw new RunStopped(StopReason.STORE, "run " + held.lease().runId() + ": the store refused a commit", e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
