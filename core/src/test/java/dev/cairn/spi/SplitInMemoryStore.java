// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.error.StoreClosedException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The reference store in split form (RUN-17): every acquire, settle, signal and erase is cut into its requests, and a gate
 * before and after each decides who goes on, waits or dies there. Keeps every place of an erased incarnation, stripped.
 */
public final class SplitInMemoryStore implements StateStore {
    /** Stands at every request of one process; what it throws, the process meets there. */
    public interface Gate {
        /** Lets everything pass. */
        Gate OPEN = (request, when) -> {};

        /** Which side of a request. */
        enum When {
            BEFORE,
            AFTER
        }

        /** Called before a request is sent, and after it was answered. */
        void at(String request, When when);

        /** Sends a request: here and now, or over a wire. */
        default Object carried(String request, Supplier<Object> send) {
            at(request, When.BEFORE);
            Object answer = send.get();
            at(request, When.AFTER);
            return answer;
        }

        /** Reads all heads; no point at which anybody is met. */
        default List<Head> heads(Supplier<List<Head>> read) {
            return read.get();
        }
    }

    private final SplitMemory memory;
    private final StoreOptions options;
    private final Facts.Limits limits;
    private final Gate gate;
    private final SplitStorage storage;
    private final SplitProtocol protocol;
    private volatile boolean closed;

    private SplitInMemoryStore(SplitMemory memory, StoreOptions options, Gate gate) {
        this.memory = memory;
        this.options = options;
        this.limits = new Facts.Limits(options.payloadLimit(), 4 << 20, 1_000, 1, 0);
        this.gate = gate;
        this.storage = new SplitRequests(this::send);
        this.protocol = new SplitProtocol(storage, options);
    }

    /** A store with a storage of its own. */
    public static SplitInMemoryStore open(StoreOptions options, InstantSource clock) {
        return new SplitInMemoryStore(new SplitMemory(clock), options, Gate.OPEN);
    }

    /** Another process on the same storage, with a gate of its own. */
    public SplitInMemoryStore reopened(Gate otherGate) {
        return reopened(options, otherGate);
    }

    /** Another process on the same storage, with other options. */
    public SplitInMemoryStore reopened(StoreOptions otherOptions, Gate otherGate) {
        return new SplitInMemoryStore(memory, otherOptions, otherGate);
    }

    /** How many places of a run are taken, also of what was left behind. */
    public long places(String runId) {
        return memory.places(runId);
    }

    private Object send(SplitRequest request) {
        String name = request instanceof SplitRequest.Update update
                ? update.update().getClass().getSimpleName()
                : request.getClass().getSimpleName();
        return gate.carried(name, () -> memory.send(request));
    }

    private SplitProtocol open() {
        if (closed) {
            throw new StoreClosedException("the store is closed");
        }
        return protocol;
    }

    @Override
    public String namespace() {
        return options.namespace();
    }

    @Override
    public Facts facts() {
        open();
        return new Facts(
                "Cairn in memory, split",
                Facts.Nature.IN_MEMORY,
                Tier.CLIENT_CRASH,
                limits,
                options.fenceTime(),
                Set.of(),
                new TreeMap<>(),
                List.of("nothing survives the end of this process"));
    }

    @Override
    public List<Appended> append(List<Entry> entries) {
        limits.checkBatch(entries);
        SplitProtocol store = open();
        return entries.stream()
                .map(entry -> limits.refusal(entry).orElseGet(() -> store.append(entry)))
                .toList();
    }

    @Override
    public Acquired acquire(Acquire request) {
        limits.check(request);
        return open().acquire(request);
    }

    @Override
    public List<Granted> claim(Claim request) {
        limits.check(request);
        SplitProtocol store = open();
        List<Granted> claimed = new ArrayList<>();
        for (Head head : request.among(gate.heads(memory::heads), memory.now())) {
            if (claimed.size() < request.limit()) {
                store.claim(request, head.runId()).ifPresent(claimed::add);
            }
        }
        return claimed;
    }

    @Override
    public Settled settle(Settle request) {
        limits.check(request);
        return open().settle(request);
    }

    @Override
    public List<Renewed> renew(List<Renewal> leases) {
        return leases.stream().map(open()::renew).toList();
    }

    @Override
    public Signalled signal(String runId, Message message) {
        limits.check(runId, message);
        return open().signal(runId, message);
    }

    @Override
    public Optional<Page> read(Read request) {
        return open().read(request);
    }

    @Override
    public RunPage list(RunQuery query) {
        open();
        return query.page(gate.heads(memory::heads), options.namespace(), memory.now());
    }

    @Override
    public List<Erased> erase(List<Erase> erases) {
        return erases.stream().map(open()::erase).toList();
    }

    @Override
    public void close() {
        closed = true;
    }
}
