// SPDX-License-Identifier: Apache-2.0
package dev.cairn.memory;

import dev.cairn.spi.Head;
import dev.cairn.spi.Incarnation;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The heads of a namespace, and the journals that they name. Used under the storage's lock. */
final class StoredRuns {
    private record JournalId(String runId, Incarnation incarnation) {}

    private final Map<String, Head> heads = new HashMap<>();
    private final Map<JournalId, StoredJournal> journals = new HashMap<>();

    Optional<Head> head(String runId) {
        return Optional.ofNullable(heads.get(runId));
    }

    Collection<Head> heads() {
        return heads.values();
    }

    void put(Head head) {
        heads.put(head.runId(), head);
    }

    void remove(String runId) {
        heads.remove(runId);
    }

    Optional<StoredJournal> journal(String runId, Incarnation incarnation) {
        return Optional.ofNullable(journals.get(new JournalId(runId, incarnation)));
    }

    /** The journal of an incarnation that a head names; begun where it has none yet. */
    StoredJournal begun(String runId, Incarnation incarnation) {
        return journals.computeIfAbsent(new JournalId(runId, incarnation), id -> new StoredJournal(runId, incarnation));
    }

    StoredJournal journalOf(Head head) {
        return begun(head.runId(), head.incarnation());
    }

    void removeJournal(String runId, Incarnation incarnation) {
        journals.remove(new JournalId(runId, incarnation));
    }
}
