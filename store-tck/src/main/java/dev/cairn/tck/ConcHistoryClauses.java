// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** CONC: recorded histories of many processes. */
interface ConcHistoryClauses extends KitClauses {
    @Clause(
            id = "CONC-01",
            must = "Random mixed histories of 4–8 independent instances MUST be linearizable per run",
            why = "two workers both do what only one of them may, or one does what was done before he looked",
            usualFix =
                    "let each request read what it judges by and write in one atomic step; the timeline below names the"
                            + " call that no order explains")
    default void conc_01_mixedHistoriesHaveAnOrder(Trial trial) {
        Histories histories = Histories.plain(trial, 8);
        histories.mixed(Histories.asked(20), 12).done("mixed histories");
        Fuzz.rounds(trial, histories, Histories.asked(2));
    }

    @Clause(
            id = "CONC-02",
            must =
                    "The same with resets, delays and lost replies injected, ambiguous operations counted as maybe, MUST be"
                            + " linearizable",
            why = "a caller who was not told asks again, and what he wanted is done twice, or not at all",
            usualFix =
                    "let a repeat with the same ids find what the first one did; say that the outcome is unknown where it is")
    default void conc_02_historiesWithFaultsHaveAnOrder(Trial trial) {
        Histories histories = Histories.stormy(trial, 5);
        histories.mixed(Histories.asked(20), 10).done("mixed histories over wires that were cut");
        Fuzz.rounds(trial, histories, Histories.asked(1));
    }
}
