// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Claim;
import dev.cairn.spi.CommitId;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Erase;
import dev.cairn.spi.Erased;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadRules;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Refused;
import dev.cairn.spi.Renewal;
import dev.cairn.spi.Renewed;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.Signalled;
import dev.cairn.state.RunStatus;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One run as one client after the other would see it: the rules of {@code core} that the in-memory store goes by, on a state
 * that is cheap to copy. Time stands still: leases last until they are let run out. Tokens and places are the model's own;
 * a lease is known by its id, and an entry as the n-th commit under it.
 */
final class RunModel implements Linear.Model<RunState, RunOp> {
    static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    /** What a store of several requests may only see when it has the lease. */
    private static final Set<Refused.Reason> LEAVING = Set.of(Refused.Reason.REVISION, Refused.Reason.WAITING);

    private record Nth(Lease lease, CommitId commit) {}

    private final Map<Nth, Integer> places = new HashMap<>();
    /** Of signals that met an end: a store of several requests may have kept the message before it saw that. */
    private final Set<String> late = new HashSet<>();
    /** When somebody was first refused who may have left a lease that ran out: then the run is due (CLAIM-01). */
    private long left = Linear.NEVER;

    /** A model for what a history has of a run. */
    RunModel(List<Linear.Op<RunOp>> ops) {
        Map<Lease, Integer> counts = new HashMap<>();
        for (Linear.Op<RunOp> op : ops) {
            if (op.what().asked() instanceof Call.Signal signal && op.what().amid()) {
                late.add(signal.message().id());
            }
            if (op.what().answer() instanceof Refused refused && LEAVING.contains(refused.reason())) {
                left = Math.min(left, op.start());
            }
            sent(op.what()).filter(entry -> !entry.kind().isGrant()).ifPresent(entry -> {
                Nth nth = new Nth(entry.lease(), entry.commitId());
                places.computeIfAbsent(nth, first -> counts.merge(entry.lease(), 1, Integer::sum));
            });
        }
    }

    private static Optional<Entry> sent(RunOp op) {
        if (op.asked() instanceof Settle settle) {
            return settle.entry();
        }
        return op.asked() instanceof Entry entry ? Optional.of(entry) : Optional.empty();
    }

    /** Whether an answer says that it is done. */
    static boolean isAcknowledged(RunOp op) {
        Object answer = op.answer();
        return answer instanceof Appended.Written
                || (answer instanceof Appended.Taken taken && taken.entry().equals(op.asked()))
                || answer instanceof RunOp.Handed
                || answer instanceof Settled.Done
                || answer instanceof Renewed.Held
                || answer == Signalled.STORED
                || answer == Erased.ERASED;
    }

    @Override
    public RunState initial() {
        return RunState.NONE;
    }

    @Override
    public Optional<RunState> after(RunState state, RunOp op) {
        Optional<RunState> next = judged(state, op);
        return next.isEmpty() && op.amid() && op.isRefused() ? Optional.of(state) : next;
    }

    private Optional<RunState> judged(RunState state, RunOp op) {
        Object asked = op.asked();
        if (asked instanceof Acquire acquire) {
            return acquired(state, acquire, op);
        }
        if (asked instanceof Entry entry) {
            return appended(state, entry, op);
        }
        if (asked instanceof Settle settle) {
            return settled(state, settle, op);
        }
        if (asked instanceof Renewal renewal) {
            return renewed(state, renewal, op);
        }
        if (asked instanceof Call.Signal signal) {
            Optional<RunState> stored = state.signalled(signal.message());
            if (stored.isEmpty() && op.amid() && op.answer() == Signalled.STORED) {
                return state.received(signal.message());
            }
            return answered(op, state, stored, op.answer() != Signalled.STORED);
        }
        if (asked instanceof Erase.Leftover leftover) {
            Optional<RunState> erased = HeadRules.isLeftover(leftover, state.head())
                    ? Optional.of(state.without(leftover.incarnation()))
                    : Optional.empty();
            return answered(op, state, erased, op.answer() == Erased.KEPT);
        }
        return read(state, op) ? Optional.of(state) : Optional.empty();
    }

    /**
     * What an answer leads to.
     *
     * @param done the state after it, if the model does it
     * @param refused whether the answer says no
     */
    private static Optional<RunState> answered(RunOp op, RunState state, Optional<RunState> done, boolean refused) {
        if (op.answer() == null) {
            return Optional.of(done.orElse(state));
        }
        if (refused) {
            return done.isPresent() ? Optional.empty() : Optional.of(state);
        }
        return done;
    }

    // --- leases

    private Optional<RunState> acquired(RunState state, Acquire asked, RunOp op) {
        HeadRules.Decision decision = HeadRules.acquire(asked, state.head(), state.rules(), NOW);
        if (decision instanceof HeadRules.Grant grant) {
            boolean due = !(op.call().asked() instanceof Claim)
                    || isDue(state)
                    || left < op.call().end();
            RunState granted = state.granted(grant);
            return due ? answered(op, state, fitting(granted, op), op.answer() instanceof Refused) : unless(op, state);
        }
        if (decision instanceof HeadRules.Again) {
            return answered(op, state, fitting(state, op), op.answer() instanceof Refused);
        }
        if (decision instanceof HeadRules.Refuse refuse) {
            return op.answer() instanceof Refused refused
                    ? Optional.of(state).filter(same -> refused.reason() == refuse.reason())
                    : unless(op, state);
        }
        throw new AssertionError(decision);
    }

    /** The model says no: only what may never be done fits. */
    private static Optional<RunState> unless(RunOp op, RunState state) {
        return op.answer() == null ? Optional.of(state) : Optional.empty();
    }

    /** Also where the head waits, but the journal does not, or a signal came for another name: the store may ask either. */
    private static boolean isDue(RunState state) {
        Head head = state.head().orElseThrow();
        if (head.status().isTerminal() || head.isLeased(NOW)) {
            return false;
        }
        return head.isWaiting(NOW) ? !state.isSuspended() : head.isClaimable(NOW);
    }

    /** What was handed over is what counts up to the grant. */
    private static Optional<RunState> fitting(RunState state, RunOp op) {
        if (!(op.answer() instanceof RunOp.Handed handed) || handed.counting().isEmpty()) {
            return Optional.of(state);
        }
        Head head = state.head().orElseThrow();
        List<Entry> entries =
                RunOp.upTo(handed.id(), state.written(head.incarnation()).entries());
        List<CommitId> counting = RunOp.counting(head.runId(), head.incarnation(), entries);
        return counting.equals(handed.counting().get()) ? Optional.of(state) : Optional.empty();
    }

    private static Optional<RunState> renewed(RunState state, Renewal asked, RunOp op) {
        Optional<RunState> held = state.leaseOf(asked.lease())
                .flatMap(lease -> HeadRules.renew(new Renewal(lease, asked.ttl(), asked.progress()), state.head(), NOW))
                .map(state::with);
        return answered(op, state, held, op.answer() instanceof Renewed.Lost);
    }

    // --- commits

    /** The entry as the model has it; nothing, if it knows of no such lease. */
    private Optional<Entry> modelled(RunState state, Entry sent) {
        Lease lease = state.leaseOf(sent.lease()).orElse(null);
        Entry grant = state.grantOf(sent.lease().id()).orElse(null);
        if (lease == null || grant == null) {
            return Optional.empty();
        }
        if (sent.kind().isGrant()) {
            return Optional.of(Entry.grant(lease, sent.place(), sent.kind(), sent.body()));
        }
        boolean own = grant.lease().incarnation().equals(lease.incarnation());
        long place =
                own ? grant.place() + places.getOrDefault(new Nth(sent.lease(), sent.commitId()), 0) : sent.place();
        return Optional.of(Entry.of(lease, place, sent.kind(), sent.commitId(), sent.body()));
    }

    private Optional<RunState> appended(RunState state, Entry sent, RunOp op) {
        Entry mine = modelled(state, sent).orElse(null);
        if (mine == null) {
            return isAcknowledged(op) ? Optional.empty() : Optional.of(state);
        }
        boolean known = state.at(mine).filter(mine::equals).isPresent();
        boolean fresh = state.mayWrite(mine);
        if (op.answer() == null) {
            return Optional.of(fresh ? state.with(mine) : state);
        }
        if (op.answer() instanceof Appended.Written) {
            return fresh || state.begins(mine) ? Optional.of(state.with(mine)) : Optional.empty();
        }
        if (isAcknowledged(op)) {
            return known ? Optional.of(state) : Optional.empty();
        }
        return (fresh || known) && stands(state, mine.lease()) ? Optional.empty() : Optional.of(state);
    }

    /** What ran out, or was given back, may be refused although nobody came since (LEASE-07, LEASE-09). */
    private static boolean stands(RunState state, Lease lease) {
        return state.head()
                .filter(head -> head.isLeased(NOW) && head.isHeldBy(lease.over(head.incarnation())))
                .isPresent();
    }

    private Optional<RunState> settled(RunState state, Settle asked, RunOp op) {
        Lease lease = state.leaseOf(asked.lease()).orElse(null);
        if (lease == null) {
            return op.answer() instanceof Settled.Done ? Optional.empty() : Optional.of(state);
        }
        Optional<Entry> mine = asked.entry().flatMap(entry -> modelled(state, entry));
        Settle request =
                mine.map(entry -> Settle.of(entry, asked.change())).orElseGet(() -> Settle.of(lease, asked.change()));
        Optional<RunState> done = state.settled(request);
        boolean refused = op.answer() != null && !(op.answer() instanceof Settled.Done);
        return refused && !stands(state, lease) ? Optional.of(state) : answered(op, state, done, refused);
    }

    // --- reading

    private boolean read(RunState state, RunOp op) {
        if (op.answer() instanceof RunOp.Inbox inbox) {
            Set<String> there = state.written(inbox.incarnation()).messages();
            return inbox.messages().containsAll(there)
                    && inbox.messages().stream().allMatch(id -> there.contains(id) || late.contains(id));
        }
        RunOp.Journal journal = (RunOp.Journal) java.util.Objects.requireNonNull(op.answer());
        Head head = state.head()
                .filter(there -> there.status() != RunStatus.GONE && there.status() != RunStatus.ARRIVING)
                .orElse(null);
        if (head == null || journal.incarnation().isEmpty()) {
            return head == null && journal.incarnation().isEmpty();
        }
        return journal.incarnation().get().equals(head.incarnation())
                && journal.counting()
                        .equals(RunOp.counting(
                                head.runId(),
                                head.incarnation(),
                                state.written(head.incarnation()).entries()));
    }
}
