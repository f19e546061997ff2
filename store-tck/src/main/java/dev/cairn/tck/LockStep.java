// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;

/** Random operations on a store and on the reference, one by one: what the one answers the other has to answer too. */
final class LockStep {
    private static final List<String> RUNS = List.of("r0", "r1", "r2", "r3", "r4", "R4", "r5 ", "r6");
    /** So many operations are spent on finding fewer that still differ. */
    private static final int SHRINKING = 4_000;

    private final Instance store;
    private final Instance reference;
    private final boolean cache;

    /** With or without the step cache: a store that has none is not asked. */
    LockStep(Instance store, Instance reference, boolean cache) {
        this.store = store;
        this.reference = reference;
        this.cache = cache;
    }

    /**
     * An operation.
     *
     * @param bits fix whatever else there is to choose, ids too
     */
    record Op(LockStepVerb verb, String runId, long bits) {
        @Override
        public String toString() {
            return verb + " " + runId;
        }
    }

    /**
     * The first operation that was not answered alike, which is the last of these.
     *
     * @param expected what the reference answered, in words
     * @param got what the store answered
     */
    record Difference(List<Op> ops, String expected, String got) {
        /** What the store answered: no payload, and whole, unlike other texts in a report. */
        @Override
        public String toString() {
            return got;
        }
    }

    static List<Op> draw(Random random, int count) {
        List<Op> ops = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            LockStepVerb verb = LockStepVerb.drawn(random);
            ops.add(new Op(verb, RUNS.get(random.nextInt(RUNS.size())), random.nextLong()));
        }
        return ops;
    }

    /** Does all of them until one is answered differently; at the end both have to hold the same runs. */
    Optional<Difference> run(List<Op> ops) {
        LockStepSide left = new LockStepSide(store, Optional.empty(), cache);
        LockStepSide right = new LockStepSide(reference, Optional.of(left), cache);
        List<Op> all = new ArrayList<>(ops);
        RUNS.forEach(runId -> all.add(new Op(LockStepVerb.READ, runId, 0)));
        for (int i = 0; i < all.size(); i++) {
            String got = left.answer(all.get(i));
            String expected = right.answer(all.get(i));
            if (!expected.equals(got)) {
                return Optional.of(new Difference(List.copyOf(all.subList(0, i + 1)), expected, got));
            }
        }
        return Optional.empty();
    }

    /** Leaves operations out, first those of other runs, then in halves, quarters and so on, while the rest still differs. */
    static Difference shrink(Difference first, Function<List<Op>, Optional<Difference>> run) {
        Op last = first.ops().get(first.ops().size() - 1);
        List<Op> ofOneRun = first.ops().stream()
                .filter(op -> op.runId().equals(last.runId()))
                .toList();
        Difference smallest = run.apply(ofOneRun).orElse(first);
        int spent = ofOneRun.size();
        for (int size = smallest.ops().size() / 2; size >= 1 && spent < SHRINKING; size /= 2) {
            for (int from = 0; from < smallest.ops().size() && spent < SHRINKING; ) {
                List<Op> fewer = new ArrayList<>(smallest.ops());
                fewer.subList(from, Math.min(from + size, fewer.size())).clear();
                spent += fewer.size() + RUNS.size();
                Optional<Difference> differs = run.apply(fewer);
                if (differs.isPresent()) {
                    smallest = differs.get();
                } else {
                    from += size;
                }
            }
        }
        return smallest;
    }
}
