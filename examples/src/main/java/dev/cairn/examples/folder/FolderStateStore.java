// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples.folder;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cairn.error.*;
import dev.cairn.spi.*;
import java.io.IOException;
import java.nio.file.*;
import java.util.*;
import java.util.function.BiFunction;

/**
 * Keeps runs in the files of a folder on a local disk of Linux or macOS, for any number of processes. What it acknowledged
 * survives the loss of power. Safe for use by many threads.
 */
public final class FolderStateStore implements StateStore {
    private final Path root;
    private final StoreOptions options;
    private final Facts.Limits limits;
    private volatile boolean closed;

    private FolderStateStore(Path root, StoreOptions options) {
        this.root = root;
        this.options = options;
        this.limits = new Facts.Limits(options.payloadLimit(), 4 << 20, 100, 4, 0);
    }

    /**
     * Opens a folder, which must exist, and makes it a store if it is none yet.
     *
     * @throws StorageUnusableException if it is missing, or files cannot be written and linked there
     * @throws SchemaTooNewException if a newer version wrote it
     */
    public static FolderStateStore open(Path folder, StoreOptions options) {
        Path root;
        int leastReader;
        try {
            root = folder.toRealPath();
            for (String name : List.of("locks", "drafts", FolderStorage.hash(options.namespace()))) {
                Files.createDirectories(root.resolve(name));
            }
            // The version of the format, and the least version that may read it.
            new FolderFiles(root, options.lockBound()).create(root.resolve("format"), "1 1".getBytes(UTF_8));
            leastReader =
                    Integer.parseInt(Files.readString(root.resolve("format")).replaceFirst(".* ", ""));
        } catch (IOException | CairnException | UnsupportedOperationException | NumberFormatException e) {
            throw new StorageUnusableException(folder + " must be a folder where files can be written and linked", e);
        }
        if (leastReader > 1) {
            throw new SchemaTooNewException(folder + " asks for a newer reader; use a newer version of this store");
        }
        return new FolderStateStore(root, options);
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
                limits,
                options.fenceTime(),
                Set.of(),
                new TreeMap<>(Map.of("folder", root.toString())),
                List.of()));
    }

    @Override
    public List<Appended> append(List<Entry> entries) {
        limits.checkBatch(entries);
        return call((storage, protocol) -> entries.stream()
                .map(entry -> limits.refusal(entry).orElseGet(() -> append(entry)))
                .toList());
    }

    private Appended append(Entry entry) {
        try {
            return call((storage, protocol) -> storage.fits(entry) ? protocol.append(entry) : new Appended.Fenced());
        } catch (StoreUnavailableException | OutcomeUnknownException e) {
            return new Appended.Failed(e);
        }
    }

    @Override
    public Acquired acquire(Acquire request) {
        limits.check(request);
        return call((storage, protocol) -> protocol.acquire(request));
    }

    @Override
    public List<Granted> claim(Claim claim) {
        limits.check(claim);
        return call((storage, protocol) -> claim.among(storage.heads(), FolderStorage.now()).stream()
                .flatMap(head -> protocol.claim(claim, head.runId()).stream())
                .limit(claim.limit())
                .toList());
    }

    @Override
    public Settled settle(Settle request) {
        limits.check(request);
        return call((storage, protocol) ->
                request.entry().filter(entry -> !storage.fits(entry)).isEmpty()
                        ? protocol.settle(request)
                        : new Settled.Lost(
                                storage.readHead(request.lease().runId()).head()));
    }

    @Override
    public List<Renewed> renew(List<Renewal> leases) {
        return call((storage, protocol) -> leases.stream().map(protocol::renew).toList());
    }

    @Override
    public Signalled signal(String runId, Message message) {
        limits.check(runId, message);
        return call((storage, protocol) -> protocol.signal(runId, message));
    }

    @Override
    public Optional<Page> read(Read request) {
        return call((storage, protocol) -> protocol.read(request));
    }

    @Override
    public RunPage list(RunQuery query) {
        return call((storage, protocol) -> query.page(storage.heads(), namespace(), FolderStorage.now()));
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
