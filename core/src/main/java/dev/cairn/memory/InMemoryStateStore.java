// SPDX-License-Identifier: Apache-2.0
package dev.cairn.memory;

import dev.cairn.error.StoreClosedException;
import dev.cairn.spi.Ability;
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
import dev.cairn.spi.StepCacheStore;
import dev.cairn.spi.StoreOptions;
import dev.cairn.spi.Tier;
import dev.cairn.state.Bytes;
import dev.cairn.state.Names;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * Keeps runs in the memory of this process: the reference for every other store, and the store of tests. Nothing survives
 * the process. Every method is one transaction under one lock. Several instances may share one storage and then stand for
 * several processes; a clock that is moved stands for time that passes. Safe for use by several threads.
 */
public final class InMemoryStateStore implements StateStore, StepCacheStore {
    private static final int ENTRY_LIMIT = 4 << 20;
    private static final int BATCH_LIMIT = 10_000;

    private final Storage storage;
    private final StoreOptions options;
    private final Facts.Limits limits;
    private volatile boolean closed;

    private InMemoryStateStore(Storage storage, StoreOptions options) {
        this.storage = storage;
        this.options = options;
        this.limits = new Facts.Limits(options.payloadLimit(), ENTRY_LIMIT, BATCH_LIMIT, 1, 0);
    }

    /** A store with a storage of its own, the default options and the system's clock. */
    public static InMemoryStateStore open() {
        return open(InstantSource.system());
    }

    /** A store with a storage of its own and the default options, by this clock. */
    public static InMemoryStateStore open(InstantSource clock) {
        return open(StoreOptions.defaults(), clock);
    }

    /** A store with a storage of its own, by this clock cut to milliseconds. */
    public static InMemoryStateStore open(StoreOptions options, InstantSource clock) {
        return new InMemoryStateStore(new Storage(clock), options);
    }

    /** Another store on the same storage, as another process or a restarted one opens it. Closing either leaves the other open. */
    public InMemoryStateStore reopened() {
        return reopened(options);
    }

    /** Another store on the same storage, in another namespace perhaps. */
    public InMemoryStateStore reopened(StoreOptions otherOptions) {
        return new InMemoryStateStore(storage, otherOptions);
    }

    private <T> T atomically(BiFunction<Transaction, Storage.Namespace, T> work) {
        if (closed) {
            throw new StoreClosedException(
                    "the in-memory store of namespace " + options.namespace() + " is closed; open another");
        }
        return storage.atomically(
                options.namespace(), space -> work.apply(new Transaction(space.runs(), options, storage.now()), space));
    }

    @Override
    public String namespace() {
        return options.namespace();
    }

    /** The tier is the lowest there is: an instance may die and lose nothing, the process may not; the warning says so. */
    @Override
    public Facts facts() {
        return atomically((transaction, space) -> new Facts(
                "Cairn in memory",
                Facts.Nature.IN_MEMORY,
                Tier.CLIENT_CRASH,
                limits,
                options.fenceTime(),
                Set.of(Ability.STEP_CACHE),
                new TreeMap<>(Map.of("storage", "the memory of this process")),
                List.of("nothing survives the end of this process; for runs that must, open a store on a database,"
                        + " such as sqlite:orders.db")));
    }

    @Override
    public List<Appended> append(List<Entry> entries) {
        limits.checkBatch(entries);
        return atomically((transaction, space) -> entries.stream()
                .map(entry -> limits.refusal(entry).orElseGet(() -> transaction.append(entry)))
                .toList());
    }

    @Override
    public Acquired acquire(Acquire request) {
        limits.check(request);
        return atomically((transaction, space) -> transaction.acquire(request));
    }

    @Override
    public List<Granted> claim(Claim request) {
        limits.check(request);
        return atomically((transaction, space) -> transaction.claim(request));
    }

    @Override
    public Settled settle(Settle request) {
        limits.check(request);
        return atomically((transaction, space) -> transaction.settle(request));
    }

    @Override
    public List<Renewed> renew(List<Renewal> leases) {
        return atomically(
                (transaction, space) -> leases.stream().map(transaction::renew).toList());
    }

    @Override
    public Signalled signal(String runId, Message message) {
        limits.check(runId, message);
        return atomically((transaction, space) -> transaction.signal(runId, message));
    }

    @Override
    public Optional<Page> read(Read request) {
        return atomically((transaction, space) -> transaction.read(request));
    }

    @Override
    public RunPage list(RunQuery query) {
        return atomically((transaction, space) -> transaction.list(query));
    }

    @Override
    public List<Erased> erase(List<Erase> erases) {
        return atomically(
                (transaction, space) -> erases.stream().map(transaction::erase).toList());
    }

    @Override
    public Optional<Bytes> cacheGet(CacheKey key) {
        return atomically((transaction, space) -> space.caches().get(key, storage.now()));
    }

    @Override
    public Bytes cachePut(CachePut put) {
        limits.check(put);
        return atomically((transaction, space) -> space.caches().put(put, storage.now()));
    }

    @Override
    public void cacheDelete(CacheKey key) {
        atomically((transaction, space) -> {
            space.caches().delete(key);
            return key;
        });
    }

    @Override
    public void cacheClear(String scope) {
        Names.check("cache scope", scope);
        atomically((transaction, space) -> {
            space.caches().clear(scope);
            return scope;
        });
    }

    @Override
    public void close() {
        closed = true;
    }
}
