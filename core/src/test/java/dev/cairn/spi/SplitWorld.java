// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** All that a split storage holds of one run, and its clock: immutable, so that an exploration can go on from any of them. */
final class SplitWorld {
    private final Optional<Head> head;
    private final Map<Incarnation, Map<Long, Entry>> journals;
    private final Map<Incarnation, List<Received>> inboxes;
    private final Instant now;
    private final int hash;

    private SplitWorld(
            Optional<Head> head,
            Map<Incarnation, Map<Long, Entry>> journals,
            Map<Incarnation, List<Received>> inboxes,
            Instant now) {
        this.head = head;
        this.journals = journals;
        this.inboxes = inboxes;
        this.now = now;
        this.hash = Objects.hash(head, journals, inboxes, now);
    }

    static SplitWorld empty(Instant now) {
        return new SplitWorld(Optional.empty(), Map.of(), Map.of(), now);
    }

    Optional<Head> head() {
        return head;
    }

    Instant now() {
        return now;
    }

    Map<Incarnation, Map<Long, Entry>> journals() {
        return journals;
    }

    Map<Incarnation, List<Received>> inboxes() {
        return inboxes;
    }

    SplitWorld at(Instant time) {
        return new SplitWorld(head, journals, inboxes, time);
    }

    SplitWorld with(Optional<Head> newHead) {
        return new SplitWorld(newHead, journals, inboxes, now);
    }

    SplitWorld with(Entry entry) {
        Map<Long, Entry> places = new HashMap<>(places(entry.lease().incarnation()));
        places.put(entry.place(), entry);
        return withJournal(entry.lease().incarnation(), places);
    }

    private SplitWorld withJournal(Incarnation incarnation, Map<Long, Entry> places) {
        Map<Incarnation, Map<Long, Entry>> changed = new HashMap<>(journals);
        changed.put(incarnation, places);
        changed.values().removeIf(Map::isEmpty);
        return new SplitWorld(head, changed, inboxes, now);
    }

    SplitWorld with(Incarnation incarnation, Received received) {
        List<Received> more = new ArrayList<>(inbox(incarnation));
        more.add(received);
        more.sort(Received.IN_ORDER);
        return withInbox(incarnation, more);
    }

    private SplitWorld withInbox(Incarnation incarnation, List<Received> messages) {
        Map<Incarnation, List<Received>> changed = new HashMap<>(inboxes);
        changed.put(incarnation, messages);
        changed.values().removeIf(List::isEmpty);
        return new SplitWorld(head, journals, changed, now);
    }

    SplitWorld withoutMessages(Incarnation incarnation) {
        return withInbox(incarnation, List.of());
    }

    SplitWorld withoutEntries(Incarnation incarnation) {
        return withJournal(incarnation, Map.of());
    }

    SplitWorld stripped(Incarnation incarnation) {
        Map<Long, Entry> places = new HashMap<>();
        places(incarnation)
                .forEach((place, entry) ->
                        places.put(place, Entry.stripped(entry.lease().runId(), incarnation, place)));
        return withJournal(incarnation, places);
    }

    Map<Long, Entry> places(Incarnation incarnation) {
        return Collections.unmodifiableMap(journals.getOrDefault(incarnation, Map.of()));
    }

    List<Received> inbox(Incarnation incarnation) {
        return inboxes.getOrDefault(incarnation, List.of());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SplitWorld that
                && hash == that.hash
                && head.equals(that.head)
                && journals.equals(that.journals)
                && inboxes.equals(that.inboxes)
                && now.equals(that.now);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(
                "clock " + now + "\n  head " + head.map(Object::toString).orElse("none"));
        journals.forEach((incarnation, places) -> {
            out.append("\n  incarnation ").append(incarnation);
            places.values()
                    .forEach(entry -> out.append("\n    ")
                            .append(entry)
                            .append(" lease ")
                            .append(entry.lease().id()));
        });
        inboxes.forEach((incarnation, messages) ->
                out.append("\n  inbox of ").append(incarnation).append(": ").append(messages));
        return out.toString();
    }
}
