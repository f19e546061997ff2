// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.error.StoreClosedException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

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
    }

    private static final Comparator<Head> BY_ID = (a, b) -> Arrays.compareUnsigned(utf8(a.runId()), utf8(b.runId()));
    private static final Comparator<Head> NEWEST_FIRST =
            Comparator.comparing(Head::created).reversed().thenComparing(BY_ID);

    private final SplitMemory memory;
    private final StoreOptions options;
    private final Gate gate;
    private final SplitStorage storage;
    private final SplitProtocol protocol;
    private volatile boolean closed;

    private SplitInMemoryStore(SplitMemory memory, StoreOptions options, Gate gate) {
        this.memory = memory;
        this.options = options;
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
        gate.at(name, Gate.When.BEFORE);
        Object answer = memory.send(request);
        gate.at(name, Gate.When.AFTER);
        return answer;
    }

    private SplitProtocol open() {
        if (closed) {
            throw new StoreClosedException("the store is closed");
        }
        return protocol;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
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
                new Facts.Limits(options.payloadLimit(), 4 << 20, 1_000, 1, 0),
                options.fenceTime(),
                Set.of(),
                new TreeMap<>(),
                List.of("nothing survives the end of this process"));
    }

    @Override
    public List<Appended> append(List<Entry> entries) {
        Set<String> runs = new HashSet<>();
        if (!entries.stream().allMatch(entry -> runs.add(entry.lease().runId()))) {
            throw new IllegalArgumentException("two entries of one run in one append");
        }
        return entries.stream().map(open()::append).toList();
    }

    @Override
    public Acquired acquire(Acquire request) {
        return open().acquire(request);
    }

    @Override
    public List<Granted> claim(Claim request) {
        SplitProtocol store = open();
        Instant now = memory.now();
        List<Head> carrying = memory.heads().stream()
                .filter(head -> head.lease()
                        .filter(term -> term.id().equals(request.id()))
                        .isPresent())
                .sorted(BY_ID)
                .toList();
        List<Head> due = memory.heads().stream()
                .filter(head -> head.isClaimable(now))
                .sorted(Comparator.comparing((Head head) -> dueSince(head, now)).thenComparing(BY_ID))
                .toList();
        List<Granted> claimed = new ArrayList<>();
        for (Head head : carrying.isEmpty() ? due : carrying) {
            if (claimed.size() < request.limit()) {
                store.claim(request, head.runId()).ifPresent(claimed::add);
            }
        }
        return claimed;
    }

    private static Instant dueSince(Head head, Instant now) {
        Instant since = head.lease().map(LeaseTerm::deadline).or(head::due).orElse(now);
        return since.isAfter(now) ? now : since;
    }

    @Override
    public Settled settle(Settle request) {
        return open().settle(request);
    }

    @Override
    public List<Renewed> renew(List<Renewal> leases) {
        open();
        return leases.stream()
                .<Renewed>map(renewal ->
                        storage.updateHead(new SplitUpdate.Renew(renewal)).isPresent()
                                ? new Renewed.Held(renewal.ttl())
                                : new Renewed.Lost())
                .toList();
    }

    @Override
    public Signalled signal(String runId, Message message) {
        return open().signal(runId, message);
    }

    @Override
    public Optional<Page> read(Read request) {
        return open().read(request);
    }

    @Override
    public RunPage list(RunQuery query) {
        open();
        Optional<PageToken> after = query.after().map(token -> PageToken.decode(token, options.namespace(), query));
        Instant now = memory.now();
        List<Head> found = memory.heads().stream()
                .filter(head -> query.matches(head, now)
                        && after.filter(token -> !isBehind(head, token)).isEmpty())
                .sorted(NEWEST_FIRST)
                .limit(query.limit() + 1L)
                .toList();
        if (found.size() <= query.limit()) {
            return new RunPage(found, Optional.empty(), now);
        }
        Head last = found.get(query.limit() - 1);
        return new RunPage(
                found.subList(0, query.limit()),
                Optional.of(new PageToken(last.created(), last.runId()).encode(options.namespace(), query)),
                now);
    }

    private static boolean isBehind(Head head, PageToken token) {
        int created = token.created().compareTo(head.created());
        return created > 0 || (created == 0 && Arrays.compareUnsigned(utf8(head.runId()), utf8(token.runId())) > 0);
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
