// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Looks for an order of what several clients did at the same time that one client alone could have seen: Wing and Gong's
 * search, with Lowe's memory of what was done and the state that it led to. An operation of unknown outcome may take effect
 * at any moment after it began, or never. Not thread-safe.
 *
 * @param <S> a state: immutable, equal where nothing that is seen later differs
 * @param <O> an operation with its answer
 */
final class Linear<S, O> {
    /** The end of an operation of unknown outcome. */
    static final long NEVER = Long.MAX_VALUE;

    /** What an operation does, when it is done alone. */
    interface Model<S, O> {
        S initial();

        /** The state after it; the same one if it changes nothing; empty if it would be answered otherwise. */
        Optional<S> after(S state, O operation);
    }

    /** An operation between two moments of one counter. */
    record Op<O>(O what, long start, long end) {
        boolean isMaybe() {
            return end == NEVER;
        }
    }

    /** What the search ended with. */
    enum Verdict {
        LINEARIZABLE,
        NOT_LINEARIZABLE,
        /** The time was over first. */
        UNKNOWN
    }

    /**
     * What was found.
     *
     * @param stuck where no order was found: one that no order explains that explains all that ended before it
     */
    record Found<O>(Verdict verdict, Optional<Op<O>> stuck) {}

    private record Config<S>(BitSet done, S state) {}

    private record Branch<S>(int index, S next) {}

    private static final class Late extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private final Model<S, O> model;
    private final List<Op<O>> ops;
    private final LongSupplier nanos;
    private final long deadline;
    private final int definite;
    private final Set<Config<S>> seen = new HashSet<>();
    private int most = -1;
    private Optional<Op<O>> stuck = Optional.empty();

    private Linear(Model<S, O> model, List<Op<O>> ops, LongSupplier nanos, long patience) {
        this.model = model;
        this.ops = ops.stream().sorted(Comparator.comparingLong(Op::start)).toList();
        this.nanos = nanos;
        this.deadline = nanos.getAsLong() + patience;
        this.definite = (int) ops.stream().filter(op -> !op.isMaybe()).count();
    }

    /**
     * Searches.
     *
     * @param nanos elapsed time
     * @param patience nanoseconds after which nothing is known
     */
    static <S, O> Found<O> search(Model<S, O> model, List<Op<O>> ops, LongSupplier nanos, long patience) {
        Linear<S, O> search = new Linear<>(model, ops, nanos, patience);
        try {
            boolean found = search.from(new BitSet(), model.initial());
            return found
                    ? new Found<>(Verdict.LINEARIZABLE, Optional.empty())
                    : new Found<>(Verdict.NOT_LINEARIZABLE, search.stuck);
        } catch (Late late) {
            return new Found<>(Verdict.UNKNOWN, Optional.empty());
        }
    }

    /** Whether what is not done yet can be done from here. Only what changes the state has to be tried in more than one order. */
    private boolean from(BitSet before, S state) {
        if (nanos.getAsLong() - deadline > 0) {
            throw new Late();
        }
        BitSet done = (BitSet) before.clone();
        List<Branch<S>> branches = new ArrayList<>();
        while (branches(done, state, branches)) {
            branches.clear(); // what changed nothing is done: more may be open now
        }
        if (isEnded(done)) {
            return true;
        }
        if (!seen.add(new Config<>(done, state))) {
            return false;
        }
        for (Branch<S> branch : branches) {
            BitSet next = (BitSet) done.clone();
            next.set(branch.index());
            if (from(next, branch.next())) {
                return true;
            }
        }
        return false;
    }

    /** Does what may be done now and changes nothing; collects what changes the state. Whether anything was done. */
    private boolean branches(BitSet done, S state, List<Branch<S>> branches) {
        boolean more = false;
        List<Branch<S>> maybe = new ArrayList<>();
        long end = firstEnd(done);
        for (int i = done.nextClearBit(0); i < ops.size() && ops.get(i).start() < end; i = done.nextClearBit(i + 1)) {
            Op<O> op = ops.get(i);
            Optional<S> next = model.after(state, op.what());
            boolean same = next.isPresent() && next.get().equals(state);
            if (same && !op.isMaybe()) {
                done.set(i);
                more = true;
            } else if (next.isPresent() && !same) {
                (op.isMaybe() ? maybe : branches).add(new Branch<>(i, next.get()));
            }
        }
        branches.addAll(maybe);
        return more;
    }

    /** The first end of what is not done: nothing that began later may come before it. */
    private long firstEnd(BitSet done) {
        long end = NEVER;
        for (int i = done.nextClearBit(0); i < ops.size() && ops.get(i).start() < end; i = done.nextClearBit(i + 1)) {
            end = Math.min(end, ops.get(i).end());
        }
        return end;
    }

    private boolean isEnded(BitSet done) {
        int count = 0;
        Op<O> first = null;
        for (int i = 0; i < ops.size(); i++) {
            Op<O> op = ops.get(i);
            if (op.isMaybe()) {
                continue;
            }
            if (done.get(i)) {
                count++;
            } else if (first == null || op.end() < first.end()) {
                first = op;
            }
        }
        if (count > most) {
            most = count;
            stuck = Optional.ofNullable(first);
        }
        return count == definite;
    }
}
