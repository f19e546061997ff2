// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples.folder;

import dev.cairn.error.*;
import dev.cairn.spi.*;
import dev.cairn.state.Bytes;
import dev.cairn.state.Names;
import dev.cairn.state.RunStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.time.Instant;
import java.util.*;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * Keeps runs in the files of a folder on a local disk of Linux or macOS, for any number of processes. What it acknowledged
 * survives the loss of power. Safe for use by many threads.
 */
public final class FolderStateStore implements StateStore {
    private static final int ENTRY_BYTES = 4 << 20;
    private static final int BATCH = 100;
    private static final Comparator<PageToken> NEWEST_FIRST =
            Comparator.comparing(PageToken::created).reversed().thenComparing(PageToken::runId, FolderStorage.BY_UTF_8);

    private final Path root;
    private final StoreOptions options;
    private volatile boolean closed;

    private FolderStateStore(Path root, StoreOptions options) {
        this.root = root;
        this.options = options;
    }

    /**
     * Opens a folder, which must exist, and makes it a store if it is none yet.
     *
     * @throws StorageUnusableException if it is missing, or files cannot be written and linked there
     * @throws SchemaTooNewException if a newer version wrote it
     */
    public static FolderStateStore open(Path folder, StoreOptions options) {
        try {
            Path root = folder.toRealPath();
            for (String name : List.of("locks", "drafts", FolderStorage.hash(options.namespace()))) {
                Files.createDirectories(root.resolve(name));
            }
            // The version of the format, and the least version that may read it.
            new FolderFiles(root, options.lockBound())
                    .create(root.resolve("format"), "1 1".getBytes(StandardCharsets.UTF_8));
            String leastReader = Files.readString(root.resolve("format")).replaceFirst(".* ", "");
            if (Integer.parseInt(leastReader) > 1) {
                throw new SchemaTooNewException(folder + " asks for a newer reader; use a newer version of this store");
            }
            return new FolderStateStore(root, options);
        } catch (IOException
                | StoreUnavailableException
                | OutcomeUnknownException
                | UnsupportedOperationException
                | NumberFormatException e) {
            throw new StorageUnusableException(folder + " must be a folder where files can be written and linked", e);
        }
    }

    /** Does the work of one call; on an interrupted thread too, whose channels would close under it. */
    private <T> T call(BiFunction<FolderStorage, SplitProtocol, T> work) {
        if (closed) {
            throw new StoreClosedException("the folder store " + root + " is closed");
        }
        Path namespace = root.resolve(FolderStorage.hash(options.namespace()));
        FolderStorage storage = new FolderStorage(namespace, new FolderFiles(root, options.lockBound()));
        boolean isInterrupted = Thread.interrupted();
        try {
            return work.apply(storage, new SplitProtocol(storage, options));
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void check(String what, Bytes bytes, int limit) {
        if (bytes.size() > limit) {
            throw new PayloadTooLargeException(what + " has " + bytes.size() + " bytes, the limit is " + limit);
        }
    }

    @Override
    public String namespace() {
        return options.namespace();
    }

    @Override
    public Facts facts() {
        return call((storage, protocol) -> new Facts(
                "folder of format 1",
                Facts.Nature.EMBEDDED,
                Tier.POWER_LOSS,
                new Facts.Limits(options.payloadLimit(), ENTRY_BYTES, BATCH, 4, 0),
                options.fenceTime(),
                Set.of(),
                new TreeMap<>(Map.of("folder", root.toString())),
                List.of()));
    }

    @Override
    public List<Appended> append(List<Entry> entries) {
        long runs =
                entries.stream().map(entry -> entry.lease().runId()).distinct().count();
        if (runs < entries.size() || runs > BATCH) {
            throw new IllegalArgumentException("an append is of at most " + BATCH
                    + " entries, each of another run; was of " + entries.size() + " entries of " + runs + " runs");
        }
        return call((storage, protocol) -> entries.stream().map(this::append).toList());
    }

    private Appended append(Entry entry) {
        try {
            check("the entry of run " + entry.lease().runId(), entry.body(), ENTRY_BYTES);
            return call((storage, protocol) -> storage.fits(entry) ? protocol.append(entry) : new Appended.Fenced());
        } catch (PayloadTooLargeException | StoreUnavailableException | OutcomeUnknownException e) {
            return new Appended.Failed(e);
        }
    }

    @Override
    public Acquired acquire(Acquire request) {
        String what = "the grant of run " + request.runId();
        check(what, request.grant(), ENTRY_BYTES);
        if (request.target() instanceof Acquire.Create create) {
            check(what, create.run().grant(), ENTRY_BYTES);
        } else if (request.target() instanceof Acquire.CreateOrTake create) {
            check(what, create.run().grant(), ENTRY_BYTES);
        }
        return call((storage, protocol) -> protocol.acquire(request));
    }

    @Override
    public List<Granted> claim(Claim claim) {
        check("the grant of a claim", claim.grant(), ENTRY_BYTES);
        return call((storage, protocol) -> {
            List<Granted> granted = new ArrayList<>();
            for (Head head : claimable(claim, storage.heads(), FolderStorage.now())) {
                if (granted.size() < claim.limit()) {
                    protocol.claim(claim, head.runId()).ifPresent(granted::add);
                }
            }
            return granted;
        });
    }

    /** What this very claim took before; else what is due, the longest first. */
    private static List<Head> claimable(Claim claim, List<Head> heads, Instant now) {
        List<Head> taken = heads.stream()
                .filter(head -> head.lease()
                        .filter(term -> term.id().equals(claim.id()))
                        .isPresent())
                .toList();
        Stream<Head> due = heads.stream()
                .filter(head -> new SplitUpdate.TakeDue(claim, head.runId())
                        .apply(Optional.of(head), now)
                        .isPresent())
                .sorted(Comparator.comparing(FolderStateStore::dueSince));
        return taken.isEmpty() ? due.toList() : taken;
    }

    private static Instant dueSince(Head head) {
        Instant due = head.due().orElse(Instant.MIN);
        Instant deadline = head.lease().map(LeaseTerm::deadline).orElse(due);
        return head.status() == RunStatus.SUSPENDED && due.isAfter(deadline) ? due : deadline;
    }

    @Override
    public Settled settle(Settle request) {
        request.entry()
                .ifPresent(entry -> check("the entry of run " + entry.lease().runId(), entry.body(), ENTRY_BYTES));
        return call((storage, protocol) ->
                request.entry().filter(entry -> !storage.fits(entry)).isEmpty()
                        ? protocol.settle(request)
                        : new Settled.Lost(
                                storage.readHead(request.lease().runId()).head()));
    }

    @Override
    public List<Renewed> renew(List<Renewal> leases) {
        return call((storage, protocol) -> leases.stream()
                .map(lease -> storage.updateHead(new SplitUpdate.Renew(lease))
                        .<Renewed>map(renewed -> new Renewed.Held(lease.ttl()))
                        .orElse(new Renewed.Lost()))
                .toList());
    }

    @Override
    public Signalled signal(String runId, Message message) {
        Names.check("run id", runId);
        check("the signal of run " + runId, message.payload(), options.payloadLimit());
        return call((storage, protocol) -> protocol.signal(runId, message));
    }

    @Override
    public Optional<Page> read(Read request) {
        return call((storage, protocol) -> protocol.read(request));
    }

    @Override
    public RunPage list(RunQuery query) {
        Optional<PageToken> after = query.after().map(token -> PageToken.decode(token, namespace(), query));
        return call((storage, protocol) -> {
            Instant now = FolderStorage.now();
            List<Head> rest = storage.heads().stream()
                    .filter(head -> query.matches(head, now))
                    .filter(head -> after.filter(last -> NEWEST_FIRST.compare(place(head), last) <= 0)
                            .isEmpty())
                    .sorted(Comparator.comparing(FolderStateStore::place, NEWEST_FIRST))
                    .toList();
            List<Head> page = rest.subList(0, Math.min(rest.size(), query.limit()));
            Optional<String> next = rest.size() > page.size()
                    ? Optional.of(place(page.get(page.size() - 1)).encode(namespace(), query))
                    : Optional.empty();
            return new RunPage(page, next, now);
        });
    }

    private static PageToken place(Head head) {
        return new PageToken(head.created(), head.runId());
    }

    @Override
    public List<Erased> erase(List<Erase> erases) {
        return call((storage, protocol) -> erases.stream().map(protocol::erase).toList());
    }

    @Override
    public void close() {
        closed = true;
    }
}
