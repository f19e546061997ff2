// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Claim;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Erase;
import dev.cairn.spi.Erased;
import dev.cairn.spi.Facts;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Message;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.Renewal;
import dev.cairn.spi.Renewed;
import dev.cairn.spi.RunPage;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.Signalled;
import dev.cairn.spi.StateStore;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A process's view of a store: every request passes one method, where a test may look or interfere. Facts are no request. */
class SeenStore implements StateStore {
    private final StateStore store;

    SeenStore(StateStore store) {
        this.store = store;
    }

    /** Sends a request. */
    <T> T send(String name, Supplier<T> request) {
        return request.get();
    }

    @Override
    public String namespace() {
        return store.namespace();
    }

    @Override
    public Facts facts() {
        return store.facts();
    }

    @Override
    public List<Appended> append(List<Entry> entries) {
        return send("append", () -> store.append(entries));
    }

    @Override
    public Acquired acquire(Acquire request) {
        return send("acquire", () -> store.acquire(request));
    }

    @Override
    public List<Granted> claim(Claim request) {
        return send("claim", () -> store.claim(request));
    }

    @Override
    public Settled settle(Settle request) {
        return send("settle", () -> store.settle(request));
    }

    @Override
    public List<Renewed> renew(List<Renewal> leases) {
        return send("renew", () -> store.renew(leases));
    }

    @Override
    public Signalled signal(String runId, Message message) {
        return send("signal", () -> store.signal(runId, message));
    }

    @Override
    public Optional<Page> read(Read request) {
        return send("read", () -> store.read(request));
    }

    @Override
    public RunPage list(RunQuery query) {
        return send("list", () -> store.list(query));
    }

    @Override
    public List<Erased> erase(List<Erase> erases) {
        return send("erase", () -> store.erase(erases));
    }

    @Override
    public void close() {
        store.close();
    }
}
