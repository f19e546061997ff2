// SPDX-License-Identifier: Apache-2.0
package dev.cairn.memory;

import dev.cairn.spi.Entry;
import dev.cairn.spi.Fold;
import dev.cairn.spi.HeadRules;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.Message;
import dev.cairn.spi.Received;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The journal and the inbox of one incarnation. Used under the storage's lock. */
final class StoredJournal implements HeadRules.Journal {
    private final List<Entry> entries = new ArrayList<>();
    private final Set<LeaseId> granted = new HashSet<>();
    private final TreeSet<Received> inbox = new TreeSet<>(Received.IN_ORDER);
    private final Map<String, Received> messages = new HashMap<>();
    private final Fold fold;

    StoredJournal(String runId, Incarnation incarnation) {
        fold = new Fold(runId, incarnation);
    }

    Optional<Entry> at(long place) {
        return place < entries.size() ? Optional.of(entries.get((int) place)) : Optional.empty();
    }

    /** Whether the holder of the entry's lease wrote the place before it, and left the journal open. */
    boolean follows(Entry entry) {
        return entry.place() == entries.size() && entry.place() > 0 && entry.mayFollow(entries.get(entries.size() - 1));
    }

    void add(Entry entry) {
        fold.add(entry);
        entries.add(entry);
        if (entry.kind().isGrant()) {
            granted.add(entry.lease().id());
        }
    }

    /** Entry 0 and the end; nothing, if it has not ended. */
    List<Entry> ended() {
        return fold.end().map(end -> List.of(entries.get(0), end)).orElse(List.of());
    }

    boolean hasReceived(Message message) {
        return messages.containsKey(message.id());
    }

    void receive(Message message, long order) {
        Received received = new Received(message, order);
        messages.put(message.id(), received);
        inbox.add(received);
    }

    Collection<Received> inboxAfter(Received last) {
        return Collections.unmodifiableCollection(inbox.tailSet(last, false));
    }

    Collection<Received> inbox() {
        return Collections.unmodifiableCollection(inbox);
    }

    @Override
    public long length() {
        return entries.size();
    }

    @Override
    public long count() {
        return fold.revision().count();
    }

    @Override
    public boolean hasGrantOf(LeaseId id) {
        return granted.contains(id);
    }
}
