// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples.folder;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cairn.error.CorruptException;
import dev.cairn.spi.*;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.*;

/** The primitives of the protocol. A run is a folder: {@code head}, {@code entry-incarnation-place}, {@code message-incarnation-id}. */
final class FolderStorage implements SplitStorage {
    private final Path namespace;
    private final FolderFiles files;

    FolderStorage(Path namespace, FolderFiles files) {
        this.namespace = namespace;
        this.files = files;
    }

    static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    /** A file name for a text, which may be too long for one, or the same as another but for upper and lower case. */
    static String hash(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    private Path run(String runId) {
        return namespace.resolve(hash(runId));
    }

    private static String prefix(String what, Incarnation incarnation) {
        return what + "-" + incarnation + "-";
    }

    private Path file(String runId, Incarnation incarnation, long place) {
        return run(runId).resolve(prefix("entry", incarnation) + String.format(Locale.ROOT, "%010d", place));
    }

    /** All heads, of deleted runs too. */
    List<Head> heads() {
        return files.list(namespace, "").stream()
                .filter(Files::isDirectory)
                .flatMap(run -> head(run).stream())
                .toList();
    }

    private Optional<Head> head(Path run) {
        Path file = run.resolve("head");
        return files.read(file).map(bytes -> FolderFormat.head("the head " + file, bytes));
    }

    Optional<Entry> entry(String runId, Incarnation incarnation, long place) {
        return files.read(file(runId, incarnation, place))
                .map(bytes -> FolderFormat.entry(bytes, runId, incarnation, place));
    }

    /** Whether an entry stands at the place, or may: behind one of its own lease, or first where a head names it. */
    boolean fits(Entry entry) {
        Lease lease = entry.lease();
        Optional<Entry> there = entry(lease.runId(), lease.incarnation(), entry.place());
        if (there.isPresent()) {
            return there.get().kind() != EntryKind.STRIPPED;
        } else if (entry.place() > 0) {
            return entry(lease.runId(), lease.incarnation(), entry.place() - 1)
                    .filter(entry::mayFollow)
                    .isPresent();
        }
        return head(run(lease.runId())).filter(head -> head.admits(lease)).isPresent();
    }

    @Override
    public Seen readHead(String runId) {
        return new Seen(head(run(runId)), now());
    }

    // region update-head
    @Override
    public Optional<Updated> updateHead(SplitUpdate update) {
        Path run = run(update.runId());
        return files.locked(update.runId(), () -> {
            Optional<Head> found = head(run);
            Instant now = now();
            Optional<byte[]> made = update.apply(found, now).map(FolderFormat::of);
            if (made.isPresent() && found.isEmpty()) {
                files.makeFolder(run);
            }
            made.ifPresent(bytes -> files.replace(run.resolve("head"), bytes));
            // With its times as they are stored.
            return made.flatMap(bytes -> head(run)).map(head -> new Updated(head, now));
        });
    }
    // endregion

    @Override
    public boolean removeHead(Erase.Fences listed, List<Incarnation> named) {
        Path run = run(listed.runId());
        return files.locked(listed.runId(), () -> {
            boolean isOver = new SplitUpdate.Unname(listed, named).isLast(head(run), now());
            if (isOver) {
                files.remove(run, List.of(run.resolve("head")));
                files.remove(namespace, List.of(run));
            }
            return isOver;
        });
    }

    @Override
    public boolean insert(Entry entry) {
        Lease lease = entry.lease();
        return files.create(file(lease.runId(), lease.incarnation(), entry.place()), FolderFormat.of(entry));
    }

    @Override
    public Entries readEntries(String runId, Incarnation incarnation, long from, int maxBytes) {
        // Read before the files are listed: who begins a run writes entry 0 first and then says in the head that it has
        // begun.
        boolean hasBegun = head(run(runId))
                .filter(head -> head.hasBegun() && head.incarnation().equals(incarnation))
                .isPresent();
        long end = end(runId, incarnation);
        if (end == 0 && hasBegun) {
            throw missing(runId, incarnation, 0);
        }
        List<Entry> entries = new ArrayList<>();
        long bytes = 0;
        for (long place = from; place < end; place++) {
            Optional<Entry> entry = entry(runId, incarnation, place);
            if (entry.isEmpty() && end(runId, incarnation) <= place) {
                break; // it is being removed, from its end on
            }
            if (entry.isEmpty()) {
                throw missing(runId, incarnation, place);
            }
            bytes += entry.get().body().size();
            if (bytes > maxBytes && place > from) {
                return new Entries(entries, Optional.of(place));
            }
            entries.add(entry.get());
        }
        return new Entries(entries, Optional.empty());
    }

    private long end(String runId, Incarnation incarnation) {
        List<Path> all = files.list(run(runId), prefix("entry", incarnation));
        return all.isEmpty()
                ? 0
                : 1 + Long.parseLong(all.get(all.size() - 1).toString().replaceAll(".*-", ""));
    }

    private static CorruptException missing(String runId, Incarnation incarnation, long place) {
        return new CorruptException(
                FolderFormat.name(runId, incarnation, place) + " is missing; restore the folder from a backup");
    }

    @Override
    public void strip(String runId, Incarnation incarnation) {
        files.list(run(runId), prefix("entry", incarnation))
                .forEach(file -> files.replace(file, FolderFormat.STRIPPED));
    }

    @Override
    public void removeEntries(String runId, Incarnation incarnation) {
        List<Path> all = new ArrayList<>(files.list(run(runId), prefix("entry", incarnation)));
        Collections.reverse(all); // so that a reader never meets a hole
        files.remove(run(runId), all);
    }

    @Override
    public void putMessage(String runId, Incarnation incarnation, Received received) {
        String name = prefix("message", incarnation) + hash(received.message().id());
        files.create(run(runId).resolve(name), FolderFormat.of(received));
    }

    @Override
    public Messages readMessages(String runId, Cursor.After after, int maxBytes) {
        List<Received> all = files.list(run(runId), prefix("message", after.incarnation())).stream()
                .flatMap(file -> files.read(file).map(bytes -> FolderFormat.received(runId, bytes)).stream())
                .toList();
        return Messages.of(all, after, maxBytes);
    }

    @Override
    public void removeMessages(String runId, Incarnation incarnation) {
        files.remove(run(runId), files.list(run(runId), prefix("message", incarnation)));
    }
}
