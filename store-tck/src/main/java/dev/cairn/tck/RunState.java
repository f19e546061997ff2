// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryCodec;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Fold;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadRules;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.Message;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.Signalled;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a store holds of one run, as {@link RunModel} has it: the head, and what was written to each incarnation. Immutable;
 * what a request makes of it is decided by {@code HeadRules}, as the in-memory store does.
 */
record RunState(Optional<Head> head, Map<Incarnation, RunState.Written> writtenTo) {
    /** No run. */
    static final RunState NONE = new RunState(Optional.empty(), Map.of());

    /** A journal, and the ids of the messages beside it. */
    record Written(List<Entry> entries, Set<String> messages) {
        private static final Written NOTHING = new Written(List.of(), Set.of());
    }

    Written written(Incarnation incarnation) {
        return writtenTo.getOrDefault(incarnation, Written.NOTHING);
    }

    RunState with(Head next) {
        return new RunState(Optional.of(next), writtenTo);
    }

    private RunState with(Incarnation incarnation, Written written) {
        Map<Incarnation, Written> all = new HashMap<>(writtenTo);
        all.put(incarnation, written);
        return new RunState(head, Map.copyOf(all));
    }

    RunState without(Incarnation incarnation) {
        Map<Incarnation, Written> all = new HashMap<>(writtenTo);
        return all.remove(incarnation) == null ? this : new RunState(head, Map.copyOf(all));
    }

    RunState with(Entry entry) {
        Incarnation incarnation = entry.lease().incarnation();
        List<Entry> entries = new ArrayList<>(written(incarnation).entries());
        entries.add(entry);
        return with(
                incarnation,
                new Written(List.copyOf(entries), written(incarnation).messages()));
    }

    RunState granted(HeadRules.Grant grant) {
        RunState before = head.filter(
                        old -> !old.incarnation().equals(grant.head().incarnation()))
                .map(old -> without(old.incarnation()))
                .orElse(this);
        return before.with(grant.head()).with(grant.entry());
    }

    /** What stands at an entry's place. */
    Optional<Entry> at(Entry entry) {
        List<Entry> entries = written(entry.lease().incarnation()).entries();
        return entry.place() < entries.size() ? Optional.of(entries.get((int) entry.place())) : Optional.empty();
    }

    /** The journal alone decides, but for the first entry of an incarnation, which has none before it. */
    boolean mayWrite(Entry entry) {
        List<Entry> entries = written(entry.lease().incarnation()).entries();
        if (entry.place() != entries.size()) {
            return false;
        }
        return entries.isEmpty()
                ? head.filter(there -> there.admits(entry.lease())).isPresent()
                : entry.mayFollow(entries.get(entries.size() - 1));
    }

    /** Whether it would be the first of an incarnation beside the run's: counts only if a holder switches to it. */
    boolean begins(Entry entry) {
        Lease lease = entry.lease();
        return written(lease.incarnation()).entries().isEmpty()
                && head.filter(there -> there.names(lease.incarnation())
                                && !there.incarnation().equals(lease.incarnation()))
                        .isPresent();
    }

    /** Whether nothing but grants stands behind the last suspension, and no signal came since that it had not seen. */
    boolean isSuspended() {
        Head there = head.orElseThrow();
        Fold fold = new Fold(there.runId(), there.incarnation());
        return written(there.incarnation()).entries().stream()
                .filter(fold::add)
                .filter(entry -> !entry.kind().isGrant())
                .reduce((first, second) -> second)
                .filter(last -> last.kind() == EntryKind.SUSPENSION)
                .filter(last -> EntryCodec.suspension(last).signalsSeen() == there.signals())
                .isPresent();
    }

    /** The grant of a lease, in whichever incarnation. */
    Optional<Entry> grantOf(LeaseId id) {
        return writtenTo.values().stream()
                .flatMap(written -> written.entries().stream())
                .filter(entry -> entry.kind().isGrant() && entry.lease().id().equals(id))
                .min(java.util.Comparator.comparing(entry -> !isOfRun(entry)));
    }

    private boolean isOfRun(Entry entry) {
        return head.filter(there -> there.incarnation().equals(entry.lease().incarnation()))
                .isPresent();
    }

    /** The same lease with the token that it has here; nothing, if it was not granted. */
    Optional<Lease> leaseOf(Lease real) {
        return grantOf(real.id())
                .map(grant -> new Lease(
                        real.runId(),
                        real.incarnation(),
                        real.id(),
                        grant.lease().token()));
    }

    /** What the rules ask of the journal. */
    HeadRules.Journal rules() {
        List<Entry> entries =
                head.map(there -> written(there.incarnation()).entries()).orElse(List.of());
        return new HeadRules.Journal() {
            @Override
            public long length() {
                return entries.size();
            }

            @Override
            public long count() {
                Fold fold =
                        new Fold(head.orElseThrow().runId(), head.orElseThrow().incarnation());
                entries.forEach(fold::add);
                return fold.revision().count();
            }

            @Override
            public boolean hasGrantOf(LeaseId id) {
                return entries.stream()
                        .anyMatch(entry ->
                                entry.kind().isGrant() && entry.lease().id().equals(id));
            }
        };
    }

    /** After a settle; empty if it is refused. */
    Optional<RunState> settled(Settle request) {
        Entry entry = request.entry().orElse(null);
        Settled answer = HeadRules.settle(request, head, RunModel.NOW);
        if (entry != null && at(entry).isPresent()) {
            boolean again = at(entry).filter(entry::equals).isPresent() && head.isPresent();
            return again
                    ? Optional.of(answer instanceof Settled.Done done ? with(done.head()) : this)
                    : Optional.empty();
        }
        if (!(answer instanceof Settled.Done done) || (entry != null && !mayWrite(entry))) {
            return Optional.empty();
        }
        return Optional.of((entry == null ? this : with(entry)).with(done.head()));
    }

    /** After a signal; empty if the run takes none. */
    Optional<RunState> signalled(Message message) {
        return HeadRules.receives(head) == Signalled.STORED ? received(message) : Optional.empty();
    }

    /** After a signal, also to a run that has ended; empty if there is no run. */
    Optional<RunState> received(Message message) {
        return head.map(there -> {
            Written before = written(there.incarnation());
            Set<String> messages = new HashSet<>(before.messages());
            boolean isNew = messages.add(message.id());
            return with(HeadRules.signalled(there, message.name(), isNew, RunModel.NOW))
                    .with(there.incarnation(), new Written(before.entries(), Set.copyOf(messages)));
        });
    }
}
