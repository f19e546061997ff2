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

    @Clause(
            id = "SCHEMA-07",
            must = "In verify-only mode no DDL MUST be sent; a missing object MUST be named in a typed error",
            why = "an application that may not create tables does not start, and nobody is told which one is missing",
            usualFix = "read the catalogue, compare it with what the store needs, and name the difference")
    default void schema_07_verifyOnlyCreatesNothing(Trial trial) {
        VerifyPoints.verifyOnly(trial);
    }
}
