// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that commit to a run or replace it, each with an expectation, as they come (VER-05). */
final class ChangeHistories implements Histories.Script {
    private final Set<String> acknowledged = new ConcurrentSkipListSet<>();
    private final AtomicInteger texts = new AtomicInteger();
    private String run = "";

    private ChangeHistories() {}

    /** Fails unless what was acknowledged is what is there, and some order explains who was told what. */
    static void check(Trial trial) {
        Histories histories = Histories.plain(trial, 5);
        for (int i = 0; i < Histories.asked(4); i++) {
            ChangeHistories one = new ChangeHistories();
            histories.record(1, 6, one);
            Set<String> there = new TreeSet<>(histories.reader().read(one.run).texts());
            trial.equal("of many changes those acknowledged are there:", one.acknowledged, there);
        }
        histories.done("histories of changes");
    }

    @Override
    public void prepare(Instance first, List<String> runs) {
        run = runs.get(0);
        first.createFree(run);
    }

    @Override
    public void of(Party party, Random random) {
        String text = "change " + texts.incrementAndGet();
        if (party.change(run, text, random.nextInt(3) == 0)) {
            acknowledged.add(text);
        }
    }
}
