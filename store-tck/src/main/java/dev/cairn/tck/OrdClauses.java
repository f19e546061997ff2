// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** ORD: what one client sees after another. */
interface OrdClauses extends KitClauses {
    @Clause(
            id = "ORD-01",
            must =
                    "Within an incarnation, the numbers of entries seen by one client MUST never decrease, and a read MUST"
                            + " reflect every write acknowledged before it began",
            why = "a worker that looks at a run after it was told of a step does the step again",
            usualFix =
                    "read where is written: no replica, no cache in front of the journal, the strongest read concern")
    default void ord_01_readsReflectWhatWasAcknowledged(Trial trial) {
        Histories.plain(trial, 5)
                .record(Histories.asked(10), 20, (party, random) -> {
                    int chance = random.nextInt(10);
                    if (chance < 4) {
                        party.act(PartyDeed.READ);
                    } else if (chance < 8) {
                        party.act(PartyDeed.STEP);
                    } else {
                        party.act();
                    }
                })
                .done("histories of readers and writers");
    }
}
