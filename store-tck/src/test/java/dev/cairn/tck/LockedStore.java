// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.StoreUnavailableException;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Claim;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Erase;
import dev.cairn.spi.Erased;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Message;
import dev.cairn.spi.Renewal;
import dev.cairn.spi.Renewed;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.Signalled;
import dev.cairn.spi.StateStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The server's side of the reference store: each call waits for the heads and places that it needs, and no longer than its bound. */
class LockedStore extends Wrong {
    private final ServedLocks locks;
    private final StoreEnv env;

    LockedStore(StateStore right, ServedLocks locks, StoreEnv env) {
        super(right);
        this.locks = locks;
        this.env = env;
    }

    private <T> T free(Predicate<ServedLocks.Row> rows, Supplier<T> work) {
        Duration bound = env.options().lockBound();
        return locks.free(
                bound,
                row -> row.storage().equals(env.storage()) && row.namespace().equals(env.namespace()) && rows.test(row),
                work);
    }

    private static Predicate<ServedLocks.Row> head(String runId) {
        return row -> row.runId().equals(runId) && row.place().isEmpty();
    }

    private static Predicate<ServedLocks.Row> place(Entry entry) {
        return row -> row.runId().equals(entry.lease().runId()) && row.place().equals(Optional.of(entry.place()));
    }

    @Override
    public List<Appended> append(List<Entry> entries) {
        return entries.stream().map(this::appendAlone).toList();
    }

    private Appended appendAlone(Entry entry) {
        try {
            return free(place(entry), () -> right.append(List.of(entry)).get(0));
        } catch (StoreUnavailableException stuck) {
            return new Appended.Failed(stuck);
        }
    }

    @Override
    public Acquired acquire(Acquire request) {
        return free(row -> row.runId().equals(request.runId()), () -> right.acquire(request));
    }

    @Override
    public List<Granted> claim(Claim request) {
        return free(row -> true, () -> right.claim(request));
    }

    @Override
    public Settled settle(Settle request) {
        Predicate<ServedLocks.Row> head = head(request.lease().runId());
        return free(request.entry().map(entry -> head.or(place(entry))).orElse(head), () -> right.settle(request));
    }

    @Override
    public List<Renewed> renew(List<Renewal> leases) {
        return leases.stream()
                .map(renewal -> free(
                        head(renewal.lease().runId()),
                        () -> right.renew(List.of(renewal)).get(0)))
                .toList();
    }

    @Override
    public Signalled signal(String runId, Message message) {
        return free(head(runId), () -> right.signal(runId, message));
    }

    @Override
    public List<Erased> erase(List<Erase> erases) {
        return erases.stream()
                .map(erase -> free(
                        head(erase.runId()), () -> right.erase(List.of(erase)).get(0)))
                .toList();
    }
}
