// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.CorruptException;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Claim;
import dev.cairn.spi.CommitId;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Erase;
import dev.cairn.spi.Fold;
import dev.cairn.spi.Granted;
import dev.cairn.spi.HeadRules;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.Settle;
import dev.cairn.state.RunStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One call, as far as it is of one run, as {@link RunModel} judges it.
 *
 * @param asked the request; of a read, which half of it
 * @param answer null where the outcome is unknown
 * @param amid of what was refused, and of signals: whether others were at work on the run meanwhile. A store may refuse by
 *     what another has only begun, and perhaps takes back, if its acquire or settle takes several requests; and it may
 *     take a signal until the end of a run is acknowledged, though a reader has seen it (SIG-05)
 */
record RunOp(Call call, Object asked, @Nullable Object answer, boolean amid) {
    /** The half of a read that is of the journal: a store may read journal and inbox one after the other. */
    record OfJournal() {}

    /** The half that is of the inbox. */
    record OfInbox() {}

    /** A journal as it was read: what counts, in order; no incarnation, if there is no run. */
    record Journal(Optional<Incarnation> incarnation, List<CommitId> counting) {}

    /** An inbox as it was read: the ids of its messages. */
    record Inbox(Incarnation incarnation, Set<String> messages) {}

    /** A lease, and what counts up to its grant; empty where that is not all on the first page. */
    record Handed(LeaseId id, Optional<List<CommitId>> counting) {}

    /** What a history has of one run, for the search. Pages that are not all of a run say nothing here. */
    static List<Linear.Op<RunOp>> of(String runId, List<Call> calls) {
        List<Linear.Op<RunOp>> ops = new ArrayList<>();
        for (Call call : calls) {
            if (!call.isUndone()) {
                boolean amid = calls.stream().anyMatch(other -> meets(call, other));
                of(runId, call).stream()
                        .map(op -> new RunOp(op.call(), op.asked(), op.answer(), amid && op.mayMeet()))
                        .forEach(op -> ops.add(new Linear.Op<>(op, call.start(), call.latest())));
            }
        }
        return ops;
    }

    private static boolean meets(Call call, Call other) {
        Object asked = other.asked();
        boolean atWork =
                asked instanceof Acquire || asked instanceof Claim || asked instanceof Settle || asked instanceof Erase;
        return atWork && other.start() != call.start() && other.start() < call.end() && call.start() < other.latest();
    }

    private static List<RunOp> of(String runId, Call call) {
        if (call.asked() instanceof Read read) {
            return call.answer(Optional.class).stream()
                    .flatMap(found -> read(call, read, found).stream())
                    .toList();
        }
        if (call.asked() instanceof Claim claim) {
            Acquire one = HeadRules.claimOne(claim, runId, claim.workflows().get(0));
            return call.isUnknown() ? List.of(new RunOp(call, one, null, false)) : claimed(runId, call, one);
        }
        if (call.isUnknown()) {
            return List.of(new RunOp(call, call.asked(), null, false));
        }
        boolean strays = call.asked() instanceof Entry sent
                && call.answer(Appended.Taken.class)
                        .filter(taken -> isStray(taken.entry(), sent))
                        .isPresent();
        Object answer = call.told().how();
        return strays
                ? List.of()
                : List.of(new RunOp(
                        call, call.asked(), answer instanceof Granted granted ? handed(granted) : answer, false));
    }

    /** A late grant that does not count: its holder's entry goes one place further (contract STEP-10). */
    static boolean isStray(Entry there, Entry sent) {
        return there.kind().isGrant() && there.lease().token() < sent.lease().token();
    }

    private static List<RunOp> claimed(String runId, Call call, Acquire one) {
        return call.answer(List.class).stream()
                .flatMap(answers -> ((List<?>) answers).stream())
                .filter(granted -> ((Granted) granted).lease().runId().equals(runId))
                .map(granted -> new RunOp(call, one, handed((Granted) granted), false))
                .toList();
    }

    private static Handed handed(Granted granted) {
        boolean whole = granted.page().next().isEmpty();
        List<Entry> entries = upTo(granted.lease().id(), granted.page().entries());
        return new Handed(
                granted.lease().id(),
                whole
                        ? Optional.of(counting(
                                granted.lease().runId(), granted.lease().incarnation(), entries))
                        : Optional.empty());
    }

    /** The entries up to the grant of a lease. */
    static List<Entry> upTo(LeaseId id, List<Entry> entries) {
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            if (entry.kind().isGrant() && entry.lease().id().equals(id)) {
                return entries.subList(0, i + 1);
            }
        }
        return entries;
    }

    private static List<RunOp> read(Call call, Read asked, Optional<?> found) {
        if (!(asked.from() instanceof Cursor.Start)) {
            return List.of();
        }
        Page page = (Page) found.orElse(null);
        if (page == null || page.head().status() == RunStatus.ARRIVING) {
            return List.of(new RunOp(call, new OfJournal(), new Journal(Optional.empty(), List.of()), false));
        }
        if (page.next().isPresent()) {
            return List.of();
        }
        Incarnation incarnation = page.head().incarnation();
        Journal journal = new Journal(Optional.of(incarnation), counting(asked.runId(), incarnation, page.entries()));
        Set<String> messages = page.messages().stream()
                .map(received -> received.message().id())
                .collect(Collectors.toSet());
        return List.of(
                new RunOp(call, new OfJournal(), journal, false),
                new RunOp(call, new OfInbox(), new Inbox(incarnation, messages), false));
    }

    /** The commits that count, but for grants: an acquirer that is refused may leave one, in a store of several requests. */
    static List<CommitId> counting(String runId, Incarnation incarnation, List<Entry> entries) {
        Fold fold = new Fold(runId, incarnation);
        try {
            return entries.stream()
                    .filter(fold::add)
                    .filter(entry -> !entry.kind().isGrant())
                    .map(Entry::commitId)
                    .toList();
        } catch (CorruptException gap) {
            return List.of(); // the invariants have said so before
        }
    }

    /** The same call, of which nobody knows the outcome. */
    RunOp unanswered() {
        return new RunOp(call, asked, null, false);
    }

    /** Whether it may have changed anything. */
    boolean hasEffect() {
        boolean reads = answer instanceof Journal || answer instanceof Inbox;
        return !reads && (answer == null || RunModel.isAcknowledged(this));
    }

    /** Whether it matters to it who is at work beside it. */
    private boolean mayMeet() {
        return isRefused() || asked instanceof Call.Signal;
    }

    /** Whether it was answered, and refused. */
    boolean isRefused() {
        if (answer == null || answer instanceof Handed || answer instanceof Journal || answer instanceof Inbox) {
            return false;
        }
        return !RunModel.isAcknowledged(this);
    }
}
