// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples.folder;

import dev.cairn.error.CorruptException;
import dev.cairn.spi.*;
import dev.cairn.state.RunStatus;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.*;

/** The primitives of the protocol on files. The names of namespaces, runs and messages may be any text, so files bear their hashes. */
final class FolderStorage implements SplitStorage {
    static final Comparator<String> UTF_8 = (one, other) ->
            Arrays.compareUnsigned(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    private static final Comparator<Cursor.After> RECEIPT =
            Comparator.comparingLong(Cursor.After::order).thenComparing(Cursor.After::messageId, UTF_8);

    private final Path namespace;
    private final FolderFiles files;

    FolderStorage(Path namespace, FolderFiles files) {
        this.namespace = namespace;
        this.files = files;
    }

    /** The name of the file for a text: the text may be long, or differ from another in upper and lower case alone. */
    static String hash(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    private Path run(String runId) {
        return namespace.resolve(hash(runId));
    }

    private Path journal(String runId, Incarnation incarnation) {
        return run(runId).resolve("journal-" + incarnation);
    }

    private Path inbox(String runId, Incarnation incarnation) {
        return run(runId).resolve("inbox-" + incarnation);
    }

    private Optional<Head> head(Path run) {
        Path file = run.resolve("head");
        return files.read(file).map(bytes -> FolderFormat.head(file, bytes));
    }

    private Path place(String runId, Incarnation incarnation, long place) {
        return journal(runId, incarnation).resolve(String.format("%010d", place));
    }

    private Optional<Entry> entry(String runId, Incarnation incarnation, long place) {
        Path file = place(runId, incarnation, place);
        return files.read(file).map(bytes -> FolderFormat.entry(file, bytes, runId, incarnation, place));
    }

    /** All heads of the namespace, of deleted runs too. */
    List<Head> heads() {
        return files.list(namespace).stream().flatMap(run -> head(run).stream()).toList();
    }

    static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    @Override
    public Seen readHead(String runId) {
        return new Seen(head(run(runId)), now());
    }

    @Override
    public Optional<Updated> updateHead(SplitUpdate update) {
        Path run = run(update.runId());
        return files.locked(update.runId(), () -> {
            Optional<Head> found = head(run);
            Instant now = now();
            Optional<Head> made = update.apply(found, now);
            if (made.isPresent() && found.isEmpty()) {
                files.makeFolder(run);
            }
            made.ifPresent(head -> files.replace(run.resolve("head"), FolderFormat.of(head)));
            return made.map(head -> new Updated(head, now));
        });
    }

    @Override
    public boolean removeHead(Erase.Fences listed, List<Incarnation> named) {
        Path run = run(listed.runId());
        return files.locked(listed.runId(), () -> {
            boolean isFree = new SplitUpdate.Unname(listed, named)
                    .apply(head(run), now())
                    .filter(head ->
                            head.status() == RunStatus.GONE && head.beside().isEmpty())
                    .isPresent();
            if (isFree) {
                files.remove(List.of(run.resolve("head")), run);
            }
            return isFree;
        });
    }

    @Override
    public boolean insert(Entry entry) {
        Lease lease = entry.lease();
        Path file = place(lease.runId(), lease.incarnation(), entry.place());
        if (entry.place() > 0) {
            return (entry.kind().isGrant() || isBehindItsOwn(entry)) && files.create(file, FolderFormat.of(entry));
        }
        return files.locked(lease.runId(), () -> {
            Optional<Head> head = head(run(lease.runId()));
            if (head.isEmpty()
                    || head.get().status() == RunStatus.GONE
                    || !head.get().names(lease.incarnation())) {
                return false; // an incarnation begins only where a head names it
            }
            files.makeFolder(file.resolveSibling(""));
            return files.create(file, FolderFormat.of(entry));
        });
    }

    /** Whether the entry before was written under the same lease and lets it go on, so that no hole is ever written. */
    private boolean isBehindItsOwn(Entry entry) {
        return entry(entry.lease().runId(), entry.lease().incarnation(), entry.place() - 1)
                .filter(before -> before.isUnder(entry.lease()) && before.kind().leavesOpen())
                .isPresent();
    }

    @Override
    public Entries readEntries(String runId, Incarnation incarnation, long from, int maxBytes) {
        List<Entry> entries = new ArrayList<>();
        long bytes = 0;
        long end = end(runId, incarnation);
        for (long place = from; place < end; place++) {
            Optional<Entry> entry = entry(runId, incarnation, place);
            if (entry.isEmpty() && end(runId, incarnation) <= place) {
                break; // it is being removed, from its end on
            } else if (entry.isEmpty()) {
                throw new CorruptException("run " + runId + ", incarnation " + incarnation + ", place " + place
                        + ": the entry is missing; restore the folder from a backup, or delete the run");
            }
            bytes += entry.get().body().size();
            if (bytes > maxBytes && place > from) {
                return new Entries(entries, Optional.of(place));
            }
            entries.add(entry.get());
        }
        return new Entries(entries, Optional.empty());
    }

    /** The place behind the last. */
    private long end(String runId, Incarnation incarnation) {
        return files.list(journal(runId, incarnation)).stream()
                .max(Comparator.naturalOrder())
                .map(last -> Long.parseLong(last.toFile().getName()) + 1)
                .orElse(0L);
    }

    @Override
    public void strip(String runId, Incarnation incarnation) {
        files.list(journal(runId, incarnation)).forEach(file -> files.replace(file, FolderFormat.STRIPPED));
    }

    @Override
    public void removeEntries(String runId, Incarnation incarnation) {
        Path journal = journal(runId, incarnation);
        files.remove(
                files.list(journal).stream().sorted(Comparator.reverseOrder()).toList(), journal);
    }

    @Override
    public void putMessage(String runId, Incarnation incarnation, Received received) {
        Path inbox = inbox(runId, incarnation);
        files.makeFolder(inbox);
        files.create(inbox.resolve(hash(received.message().id())), FolderFormat.of(received));
    }

    @Override
    public Messages readMessages(String runId, Cursor.After after, int maxBytes) {
        SortedMap<Cursor.After, Received> all = new TreeMap<>(RECEIPT);
        for (Path file : files.list(inbox(runId, after.incarnation()))) {
            files.read(file)
                    .map(bytes -> FolderFormat.received(file, bytes))
                    .ifPresent(in -> all.put(behind(in, after), in));
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

    private static Cursor.After behind(Received in, Cursor.After before) {
        return new Cursor.After(
                before.incarnation(), before.place(), in.order(), in.message().id());
    }

    @Override
    public void removeMessages(String runId, Incarnation incarnation) {
        Path inbox = inbox(runId, incarnation);
        files.remove(files.list(inbox), inbox);
    }
}
