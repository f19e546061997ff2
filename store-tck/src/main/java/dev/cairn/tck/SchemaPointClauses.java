// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** SCHEMA: what is left of a setup that was cut. */
interface SchemaPointClauses extends KitClauses {
    @Clause(
            id = "SCHEMA-03",
            must = "A migration cut at any request MUST be resumable or rolled back, never wedged",
            why = "a deployment that was killed leaves a database that nobody can open",
            usualFix = "set up in one transaction, or make each statement one that can be repeated")
    default void schema_03_cutSetupCanGoOn(Trial trial) {
        SchemaPoints.cut(trial);
    }
}
