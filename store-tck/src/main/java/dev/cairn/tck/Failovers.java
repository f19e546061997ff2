// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.error.StoreUnavailableException;
import dev.cairn.spi.Facts;
import dev.cairn.spi.Tier;
import java.util.ArrayList;
import java.util.List;

/** What is tried with a server that ends and a second one that takes over. */
final class Failovers {
    /** As often is an operation tried after the second server was let go, which may have to catch up. */
    private static final int TRIES = 100;

    private final Trial trial;
    private final StoreStandby pair;

    private Failovers(Trial trial) {
        this.trial = trial;
        this.pair = trial.standby();
    }

    private Instance open(String name, Tier tier) {
        return trial.open(name, pair::open, trial.options().tier(tier).build());
    }

    private static boolean survives(Instance who) {
        Facts facts = who.store().facts();
        return facts.tier() == Tier.NODE_LOSS;
    }

    private void holdBack() {
        trial.did("the second server is held back");
        pair.holdBack();
    }

    private void failOver() {
        trial.did("the second server takes over");
        pair.failOver();
    }

    // --- under load

    /** Runs are written while the second server follows, while it does not, and while the first one ends (CRASH-09). */
    static void underLoad(Trial trial) throws Exception {
        new Failovers(trial).failedOverUnderLoad();
    }

    private void failedOverUnderLoad() throws Exception {
        List<Instance> strong = List.of(open("A", Tier.NODE_LOSS), open("B", Tier.NODE_LOSS));
        Instance weak = open("C", Tier.SERVER_CRASH);
        boolean strongSurvives = survives(strong.get(0));
        boolean weakSurvives = survives(weak);
        Writers strongOnes = Writers.begin(trial, strong, 2, strongSurvives);
        Writers weakOnes = Writers.begin(trial, List.of(weak), 2, weakSurvives);
        strongOnes.await(20 + trial.random().nextInt(200));
        weakOnes.await(10 + trial.random().nextInt(50));
        holdBack();
        if (!weakSurvives) {
            weakOnes.await(10 + trial.random().nextInt(50));
        }
        failOver();
        strongOnes.stop();
        weakOnes.stop();

        Instance reader = open("reader", Tier.SERVER_CRASH);
        check(strongOnes, reader, strongSurvives);
        check(weakOnes, reader, weakSurvives);
        long acknowledged = strongOnes.acknowledged() + weakOnes.acknowledged();
        trial.tried("a failover after " + acknowledged + " acknowledged writes", 1);
    }

    private void check(Writers writers, Instance reader, boolean survives) {
        String when = "after a failover, tier " + (survives ? "NODE_LOSS: " : "below NODE_LOSS: ");
        for (Writer writer : writers.all()) {
            writer.check(when, reader, survives);
            writer.takeOver(when, reader);
        }
    }

    // --- repeats

    /** An operation that reached the first server while the second was held back. */
    private record Cut(Operation what, Operation.Prepared call, List<?> after) {}

    /** What is acknowledged when it is repeated is there after a failover, as what is acknowledged at once (CRASH-10). */
    static void repeated(Trial trial) {
        new Failovers(trial).acknowledgedOnRepeat();
    }

    private void acknowledgedOnRepeat() {
        Instance a = open("A", Tier.NODE_LOSS);
        Instance b = open("B", Tier.NODE_LOSS);
        boolean survives = survives(a);
        List<Cut> later = prepared(a);
        List<Cut> never = prepared(a);

        holdBack();
        later.forEach(cut -> told(cut, "sent while the second server is held back", a));
        pair.letGo();
        trial.did("the second server follows again");
        later.forEach(cut -> untilDone(cut, b));
        holdBack();
        List<Cut> acknowledged = new ArrayList<>(later);
        for (Cut cut : never) {
            boolean first = told(cut, "sent while the second server is held back", a);
            boolean second = told(cut, "repeated while the second server is held back", b);
            if (first || second) {
                acknowledged.add(cut);
            }
        }
        failOver();

        Instance reader = open("reader", Tier.SERVER_CRASH);
        for (Cut cut : survives ? acknowledged : List.<Cut>of()) {
            trial.equal(
                    cut.what() + ", acknowledged, after a failover is",
                    cut.after(),
                    cut.call().view().apply(reader));
        }
        trial.tried(later.size() + never.size() + " operations cut off from the second server, and repeated", 1);
    }

    private List<Cut> prepared(Instance by) {
        List<Cut> cuts = new ArrayList<>();
        for (Operation what : StoreOperations.all(trial)) {
            Operation.Prepared sample = what.on(by, trial.freshRun("sample"));
            Object answer = sample.call().apply(by);
            trial.that(sample.done().test(answer), what + " done where nothing goes wrong", answer);
            List<?> after = sample.view().apply(by);
            cuts.add(new Cut(what, what.on(by, trial.freshRun("repeated")), after));
        }
        return cuts;
    }

    /** Whether it is acknowledged; else it has to be open. */
    private boolean told(Cut cut, String when, Instance who) {
        Told told = Told.of(() -> cut.call().call().apply(who));
        boolean done = isDone(told, cut);
        trial.that(
                done || told.is(OutcomeUnknownException.class) || told.is(StoreUnavailableException.class),
                cut.what() + ", " + when + ": done, unavailable or unknown",
                told);
        return done;
    }

    private void untilDone(Cut cut, Instance who) {
        Told told = Told.of(() -> cut.call().call().apply(who));
        for (int tries = 1; tries < TRIES && !isDone(told, cut); tries++) {
            told = Told.of(() -> cut.call().call().apply(who));
        }
        trial.that(isDone(told, cut), cut.what() + ", repeated when the second server follows: done", told);
    }

    private static boolean isDone(Told told, Cut cut) {
        return !(told.how() instanceof Throwable) && cut.call().done().test(told.how());
    }
}
