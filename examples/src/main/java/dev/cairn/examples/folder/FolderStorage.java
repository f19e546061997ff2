// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples.folder;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cairn.error.CorruptException;
import dev.cairn.spi.*;
import dev.cairn.state.RunStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.*;

/** The primitives of the protocol. A run is a folder: {@code head}, {@code entry-incarnation-place}, {@code message-incarnation-id}. */
final class FolderStorage implements SplitStorage {
    static final Comparator<String> BY_UTF_8 =
            (one, other) -> Arrays.compareUnsigned(one.getBytes(UTF_8), other.getBytes(UTF_8));
    private static final Comparator<Cursor.After> BY_RECEIPT =
            Comparator.comparingLong(Cursor.After::order).thenComparing(Cursor.After::messageId, BY_UTF_8);

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
        return files.read(file).map(bytes -> FolderFormat.head(file, bytes));
    }

    Optional<Entry> entry(String runId, Incarnation incarnation, long place) {
        Path file = file(runId, incarnation, place);
        return files.read(file).map(bytes -> FolderFormat.entry(file, bytes, runId, incarnation, place));
    }

    /** Whether an entry stands at the place, or may: behind one of its own lease, or first where a head names it. */
    boolean fits(Entry entry) {
        Lease lease = entry.lease();
        Optional<Entry> there = entry(lease.runId(), lease.incarnation(), entry.place());
        if (there.isPresent()) {
            return there.get().kind() != EntryKind.STRIPPED;
        } else if (entry.place() > 0) {
            return entry(lease.runId(), lease.incarnation(), entry.place() - 1)
                    .filter(before -> before.isUnder(lease) && before.kind().leavesOpen())
                    .isPresent();
        }
        return head(run(lease.runId()))
                .filter(head -> head.names(lease.incarnation()) && head.isHeldBy(lease.over(head.incarnation())))
                .isPresent();
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
            return made.map(bytes -> new Updated(FolderFormat.head(run, bytes), now)); // its times as they are stored
        });
    }
    // endregion

    @Override
    public boolean removeHead(Erase.Fences listed, List<Incarnation> named) {
        Path run = run(listed.runId());
        return files.locked(listed.runId(), () -> {
            Optional<Head> unnamed = new SplitUpdate.Unname(listed, named).apply(head(run), now());
            boolean isOver = unnamed.filter(head ->
                            head.status() == RunStatus.GONE && head.beside().isEmpty())
                    .isPresent();
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
                .filter(head -> head.incarnation().equals(incarnation))
                .filter(head -> head.status() != RunStatus.ARRIVING && head.status() != RunStatus.GONE)
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
        return new CorruptException("run " + runId + ", incarnation " + incarnation + ", place " + place
                + ": the entry is missing; restore the folder from a backup, or delete the run");
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
        SortedMap<Cursor.After, Received> all = new TreeMap<>(BY_RECEIPT);
        for (Path file : files.list(run(runId), prefix("message", after.incarnation()))) {
            Optional<Received> in = files.read(file).map(bytes -> FolderFormat.received(file, bytes));
            in.ifPresent(it -> all.put(
                    new Cursor.After(
                            after.incarnation(), 0, it.order(), it.message().id()),
                    it));
        }
        all.headMap(after).clear();
        all.remove(after);
        List<Received> messages = new ArrayList<>();
        long bytes = 0;
        for (Received next : all.values()) {
            bytes += next.message().payload().size();
            if (bytes > maxBytes && !messages.isEmpty()) {
                return new Messages(messages, false);
            }
            messages.add(next);
        }
        return new Messages(messages, true);
    }

    @Override
    public void removeMessages(String runId, Incarnation incarnation) {
        files.remove(run(runId), files.list(run(runId), prefix("message", incarnation)));
    }
}
