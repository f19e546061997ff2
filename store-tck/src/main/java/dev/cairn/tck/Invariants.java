// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.CairnException;
import dev.cairn.error.CorruptException;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.CommitId;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Granted;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.Signalled;
import dev.cairn.state.RunStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What holds of every history of a run, whatever the order of what was done at the same time: found without a search, and
 * also where leases run out by themselves.
 */
final class Invariants {
    private record Acquisition(Call call, Granted granted) {}

    private record View(Call call, Page page) {
        Incarnation incarnation() {
            return page.head().incarnation();
        }
    }

    private record Place(Incarnation incarnation, long place) {}

    private final Trial trial;
    private final String runId;
    private final List<Call> calls;
    private final List<Acquisition> grants = new ArrayList<>();
    private final List<View> views = new ArrayList<>();
    private final Map<CommitId, Long> firstSent = new HashMap<>();

    private Invariants(Trial trial, String runId, List<Call> calls) {
        this.trial = trial;
        this.runId = runId;
        this.calls = calls;
        for (Call call : calls) {
            Said.granted(runId, call).ifPresent(granted -> {
                grants.add(new Acquisition(call, granted));
                views.add(new View(call, granted.page()));
            });
            if (call.asked() instanceof Read read && read.from() instanceof Cursor.Start) {
                call.answer(Optional.class)
                        .flatMap(found -> ((Optional<?>) found).map(Page.class::cast))
                        .filter(page -> page.head().status() != RunStatus.ARRIVING)
                        .ifPresent(page -> views.add(new View(call, page)));
            }
            Said.sent(call).ifPresent(entry -> firstSent.putIfAbsent(entry.commitId(), call.start()));
        }
    }

    /** Fails unless all of them hold of this run. */
    static void check(Trial trial, String runId, List<Call> calls) {
        Invariants all = new Invariants(trial, runId, calls);
        all.answersAreTyped();
        all.journalsHaveNoHole();
        all.tokensIncrease();
        all.placesHoldOneEntry();
        all.nothingAcknowledgedIsMissing();
        all.numbersNeverDecrease();
        all.nothingSupersededCounts();
        all.nothingDeletedIsSeen();
        all.whatIsThereIsSeen();
        all.signalsStay();
    }

    private void that(boolean holds, String expected, Call... shown) {
        if (holds) {
            trial.explored(1);
            return;
        }
        List<Call> lines = new ArrayList<>(List.of(shown));
        lines.sort(java.util.Comparator.comparingLong(Call::start));
        long until = lines.get(lines.size() - 1).end();
        List<Call> before = calls.stream().filter(call -> call.start() < until).toList();
        trial.that(
                false,
                expected,
                new History.Shown("other in run " + runId + ":\n" + History.timeline(lines) + "\nof", before));
    }

    private void answersAreTyped() {
        for (Call call : calls) {
            boolean typed = !call.told().is(Throwable.class) || call.told().is(CairnException.class);
            that(typed && !call.told().is(CorruptException.class), "an answer, or an unknown outcome", call);
        }
    }

    private void journalsHaveNoHole() {
        for (View view : views) {
            long next = 0;
            for (Entry entry : view.page().entries()) {
                that(entry.place() == next++, "a journal without a hole from place 0", view.call());
            }
        }
    }

    private void tokensIncrease() {
        for (Acquisition one : grants) {
            for (Acquisition other : grants) {
                if (one.granted().lease().id().equals(other.granted().lease().id())) {
                    continue;
                }
                long before = one.granted().lease().token();
                long after = other.granted().lease().token();
                that(before != after, "a token of its own for each grant", one.call(), other.call());
                that(
                        one.call().end() > other.call().start() || before < after,
                        "a token above that of the grant before it",
                        one.call(),
                        other.call());
            }
        }
    }

    private void placesHoldOneEntry() {
        Map<Place, Entry> there = new HashMap<>();
        Map<Place, Call> by = new HashMap<>();
        for (Call call : calls) {
            List<Entry> shown = new ArrayList<>(Said.acknowledged(call).stream().toList());
            views.stream()
                    .filter(view -> view.call().start() == call.start())
                    .forEach(view -> shown.addAll(view.page().entries()));
            for (Entry entry : shown) {
                if (entry.kind() == EntryKind.STRIPPED) {
                    continue;
                }
                Place place = new Place(entry.lease().incarnation(), entry.place());
                Entry other = there.putIfAbsent(place, entry);
                by.putIfAbsent(place, call);
                that(other == null || other.equals(entry), "one entry at a place, for ever", by.get(place), call);
            }
        }
    }

    /** A commit that was acknowledged before a read began is in what it shows of that incarnation, and counts. */
    private void nothingAcknowledgedIsMissing() {
        List<CommitId> none = List.of();
        Map<Long, List<CommitId>> counting = new HashMap<>();
        views.forEach(view -> counting.put(view.call().start(), counting(view)));
        for (Call call : calls) {
            Entry entry = Said.acknowledged(call).orElse(null);
            if (entry == null || entry.kind().isGrant()) {
                continue;
            }
            for (View view : views) {
                boolean later = view.call().start() > call.end()
                        && view.incarnation().equals(entry.lease().incarnation())
                        && view.page().next().isEmpty();
                that(
                        !later
                                || counting.getOrDefault(view.call().start(), none)
                                        .contains(entry.commitId()),
                        "every step that was acknowledged before the run was read",
                        call,
                        view.call());
            }
        }
    }

    private List<CommitId> counting(View view) {
        return RunOp.counting(runId, view.incarnation(), view.page().entries());
    }

    /** For one client, within an incarnation (ORD-01). */
    private void numbersNeverDecrease() {
        Map<List<Object>, View> last = new HashMap<>();
        for (View view : views) {
            if (view.page().next().isPresent()) {
                continue;
            }
            View before = last.put(List.of(view.call().client(), view.incarnation()), view);
            if (before != null) {
                that(
                        before.page().entries().size() <= view.page().entries().size(),
                        "for one client, numbers of entries that never decrease",
                        before.call(),
                        view.call());
            }
        }
    }

    /** What was first sent under a lease when a newer grant had been given out is not acknowledged, and does not count. */
    private void nothingSupersededCounts() {
        Set<CommitId> late = new HashSet<>();
        for (Call call : calls) {
            Entry entry = Said.sent(call).orElse(null);
            if (entry == null || firstSent.getOrDefault(entry.commitId(), 0L) != call.start()) {
                continue;
            }
            for (Acquisition newer : grants) {
                boolean superseded = newer.call().end() < call.start()
                        && newer.granted()
                                .lease()
                                .incarnation()
                                .equals(entry.lease().incarnation())
                        && newer.granted().lease().token() > entry.lease().token();
                if (superseded) {
                    late.add(entry.commitId());
                    that(
                            Said.acknowledged(call).isEmpty(),
                            "nothing acknowledged that was sent under a superseded lease",
                            newer.call(),
                            call);
                }
            }
        }
        for (View view : views) {
            that(
                    counting(view).stream().noneMatch(late::contains),
                    "nothing counting that was sent under a superseded lease",
                    view.call());
        }
    }

    /** Once a delete or a replacement was acknowledged, nobody sees what was there, or writes to it. */
    private void nothingDeletedIsSeen() {
        for (Call removal : calls) {
            Incarnation gone = removed(removal).orElse(null);
            if (gone == null || removal.answer(Settled.Done.class).isEmpty()) {
                continue;
            }
            for (View view : views) {
                boolean shows = view.incarnation().equals(gone)
                        || view.page().entries().stream()
                                .anyMatch(entry -> entry.lease().incarnation().equals(gone));
                that(
                        view.call().start() < removal.end() || !shows,
                        "nothing of a run that was deleted or replaced",
                        removal,
                        view.call());
            }
            for (Call call : calls) {
                boolean into = call.start() > removal.end()
                        && Said.acknowledged(call)
                                .filter(entry -> entry.lease().incarnation().equals(gone)
                                        && firstSent.getOrDefault(entry.commitId(), 0L) > removal.end())
                                .isPresent();
                that(!into, "no commit acknowledged into what was deleted or replaced", removal, call);
            }
        }
    }

    /** Which incarnation a call makes gone, if it is done. */
    private static Optional<Incarnation> removed(Call call) {
        if (!(call.asked() instanceof Settle settle)) {
            return Optional.empty();
        }
        HeadChange change = settle.change();
        boolean removes = change.status().filter(RunStatus.GONE::equals).isPresent()
                || change.switchTo().isPresent();
        return removes ? Optional.of(settle.lease().incarnation()) : Optional.empty();
    }

    /** A run that was granted, and that nobody has tried to remove, is found in that incarnation. */
    private void whatIsThereIsSeen() {
        for (Acquisition grant : grants) {
            Incarnation there = grant.granted().lease().incarnation();
            for (Call read : calls) {
                boolean later =
                        read.start() > grant.call().end() && !read.told().is(Throwable.class);
                if (!later || isTriedToBeRemoved(there, read.end())) {
                    continue;
                }
                Optional<Incarnation> found = views.stream()
                        .filter(view -> view.call().start() == read.start())
                        .map(View::incarnation)
                        .findFirst();
                boolean whole = read.asked() instanceof Read asked && asked.from() instanceof Cursor.Start;
                boolean misses =
                        whole ? found.isEmpty() : read.told().toString().endsWith("ABSENT");
                that(!misses, "a run that is there and nobody removes", grant.call(), read);
                that(
                        found.isEmpty() || found.get().equals(there),
                        "the incarnation that is the run",
                        grant.call(),
                        read);
            }
        }
    }

    private boolean isTriedToBeRemoved(Incarnation incarnation, long until) {
        return calls.stream()
                .anyMatch(call -> call.start() < until
                        && removed(call).filter(incarnation::equals).isPresent());
    }

    /** A signal that was acknowledged stays in the inbox; where it is sure of which incarnation. */
    private void signalsStay() {
        long incarnations = views.stream().map(View::incarnation).distinct().count();
        long creations = calls.stream()
                .filter(call -> call.asked() instanceof Acquire a && !(a.target() instanceof Acquire.Take))
                .count();
        for (Call call : calls) {
            boolean stored = call.asked() instanceof Call.Signal
                    && call.told().how() == Signalled.STORED
                    && incarnations == 1
                    && (creations <= 1
                            || calls.stream().noneMatch(one -> removed(one).isPresent()));
            for (View view : stored ? views : List.<View>of()) {
                String id = ((Call.Signal) call.asked()).message().id();
                boolean later = view.call().start() > call.end()
                        && view.page().next().isEmpty()
                        && !isTriedToBeRemoved(view.incarnation(), view.call().end());
                long times = view.page().messages().stream()
                        .filter(received -> received.message().id().equals(id))
                        .count();
                that(!later || times == 1, "each signal that was acknowledged, once", call, view.call());
            }
        }
    }
}
