// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.state.RunStatus;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What must hold in every state, whoever is still alive in it; the invariants of the protocol's models. */
final class SplitInvariants {
    private record Recovery(SplitWorld world, Set<SplitFact> signals) {}

    private final SplitSteps steps;
    private final Map<Recovery, Optional<String>> recoveries = new HashMap<>();

    SplitInvariants(SplitSteps steps) {
        this.steps = steps;
    }

    Optional<String> violated(SplitKnown known) {
        for (SplitFact fact : known.facts()) {
            if (fact instanceof SplitFact.Bad bad) {
                return Optional.of(bad.what());
            }
        }
        return journals(known).or(() -> facts(known)).or(() -> recovered(known));
    }

    private static Optional<String> journals(SplitKnown known) {
        Head head = known.world().head().orElse(null);
        for (Incarnation incarnation : known.journals().keySet()) {
            if (head == null || !head.names(incarnation)) {
                return Optional.of("entries that no head names: " + incarnation);
            }
            boolean live = head.incarnation().equals(incarnation) && head.status() != RunStatus.GONE;
            SplitKnown.Folded folded = SplitKnown.fold(known.world(), head.runId(), incarnation);
            if (live && folded.hasHole()) {
                return Optional.of("a free place before an entry");
            }
            if (live && folded.fold().isStripped()) {
                return Optional.of("the incarnation that is the run is stripped");
            }
        }
        for (Incarnation incarnation : known.world().inboxes().keySet()) {
            if (head == null || !head.names(incarnation)) {
                return Optional.of("messages that no head names: " + incarnation);
            }
        }
        return Optional.empty();
    }

    private static Optional<String> facts(SplitKnown known) {
        Map<Incarnation, Long> gone = new HashMap<>();
        for (SplitFact fact : known.facts()) {
            if (fact instanceof SplitFact.Gone g) {
                gone.put(g.incarnation(), g.place());
            }
        }
        for (SplitFact fact : known.facts()) {
            Optional<String> bad = fact(known, fact, gone);
            if (bad.isPresent()) {
                return bad;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> fact(SplitKnown known, SplitFact fact, Map<Incarnation, Long> gone) {
        SplitWorld world = known.world();
        Head head = world.head().orElse(null);
        if (fact instanceof SplitFact.Acked acked) {
            return acked(world, head, acked, gone.get(acked.incarnation()));
        }
        if (fact instanceof SplitFact.Created created) {
            Entry first = world.places(created.incarnation()).get(0L);
            boolean isOwn = first == null
                    || first.kind() == EntryKind.STRIPPED
                    || first.lease().id().equals(created.lease());
            return isOwn ? Optional.empty() : Optional.of("created with the first entry of another: " + created);
        }
        if (fact instanceof SplitFact.Stored stored && !gone.containsKey(stored.incarnation())) {
            boolean kept = world.inbox(stored.incarnation()).stream()
                    .anyMatch(r -> r.message().id().equals(stored.id()));
            return kept ? Optional.empty() : Optional.of("an acknowledged signal is not in the inbox: " + stored);
        }
        if (fact instanceof SplitFact.Restored restored
                && head != null
                && head.status() != RunStatus.GONE
                && head.incarnation().equals(restored.incarnation())) {
            boolean whole = SplitKnown.fold(world, head.runId(), restored.incarnation())
                            .counting()
                            .size()
                    >= restored.pages();
            return whole ? Optional.empty() : Optional.of("pages of an acknowledged restore are missing");
        }
        return Optional.empty();
    }

    private static Optional<String> acked(SplitWorld world, Head head, SplitFact.Acked acked, Long gonePlace) {
        if (gonePlace != null) {
            boolean late = world.places(acked.incarnation()).values().stream()
                    .anyMatch(e -> e.commitId().equals(acked.commit()) && e.place() >= gonePlace);
            return late ? Optional.of("lost by a delete or restore that had not seen it: " + acked) : Optional.empty();
        }
        if (head == null || !head.incarnation().equals(acked.incarnation())) {
            return head != null && head.status() == RunStatus.GONE
                    ? Optional.empty()
                    : Optional.of("acknowledged in an incarnation that is not the run: " + acked);
        }
        return SplitKnown.fold(world, head.runId(), acked.incarnation())
                        .counting()
                        .contains(acked.commit())
                ? Optional.empty()
                : Optional.of("acknowledged and does not count: " + acked);
    }

    /** All parties die here and all leases run out: one claim must bring the run to where the journal says it is. */
    private Optional<String> recovered(SplitKnown known) {
        Head head = known.world().head().orElse(null);
        if (head == null || head.status() == RunStatus.GONE || head.status() == RunStatus.ARRIVING) {
            return Optional.empty();
        }
        Set<SplitFact> signals = new HashSet<>(known.facts());
        signals.removeIf(fact -> !(fact instanceof SplitFact.Stored));
        return recoveries.computeIfAbsent(new Recovery(known.world(), signals), this::recovered);
    }

    private Optional<String> recovered(Recovery recovery) {
        SplitWorld world = SplitExplorer.expired(recovery.world()).orElse(recovery.world());
        Head before = world.head().orElseThrow();
        SplitKnown.Folded folded = SplitKnown.fold(world, before.runId(), before.incarnation());
        SplitWorld[] now = {world};
        SplitStorage storage = new SplitRequests(request -> {
            SplitRequest.Outcome outcome = request.on(now[0]);
            now[0] = outcome.world();
            return outcome.answer();
        });
        Claim claim = new Claim(
                SplitScripts.lease("recovery"),
                List.of(SplitScripts.workflow()),
                1,
                SplitScripts.TTL,
                SplitScripts.grant("recovery"));
        boolean granted = new SplitProtocol(storage, StoreOptions.defaults(), steps)
                .claim(claim, before.runId())
                .isPresent();
        Head after = now[0].head().orElseThrow();
        return folded.fold().end().isPresent()
                ? ended(folded.fold().end().get(), granted, after)
                : open(folded, granted, after, recovery);
    }

    private static Optional<String> ended(Entry end, boolean granted, Head after) {
        if (granted) {
            return Optional.of("an ended run was claimed");
        }
        return after.status() == EntryCodec.endStatus(end) && after.lease().isEmpty()
                ? Optional.empty()
                : Optional.of("the journal has ended, the head stays " + after.status() + ", lease " + after.lease());
    }

    private static Optional<String> open(SplitKnown.Folded folded, boolean granted, Head after, Recovery recovery) {
        Entry entry = folded.fold().suspension().orElse(null);
        if (entry == null) {
            return granted
                    ? Optional.empty()
                    : Optional.of("a run that neither ended nor waits is not claimable: " + after);
        }
        EntryBody.Suspension waits = EntryCodec.suspension(entry);
        boolean isNewer = after.signals() > waits.signalsSeen();
        boolean isDue =
                waits.due().filter(due -> !due.isAfter(recovery.world().now())).isPresent()
                        || (isNewer && !waits.awaits().isEmpty());
        if (granted) {
            return isDue || isNewer ? Optional.empty() : Optional.of("a sleeping run was claimed");
        }
        if (isDue) {
            return Optional.of("the run is due, by time or signal, and was not claimed: " + after);
        }
        boolean signalled = !waits.awaits().isEmpty()
                && recovery.signals().stream()
                        .anyMatch(fact -> fact instanceof SplitFact.Stored stored
                                && stored.incarnation().equals(after.incarnation())
                                && !folded.consumed().contains(stored.id()));
        if (signalled) {
            return Optional.of("an acknowledged signal does not make the waiting run due");
        }
        boolean fits = after.status() == RunStatus.SUSPENDED
                && after.lease().isEmpty()
                && after.awaits().equals(waits.awaits())
                && (isNewer || after.due().equals(waits.due()));
        return fits ? Optional.empty() : Optional.of("the journal waits, the head does not say so: " + after);
    }
}
