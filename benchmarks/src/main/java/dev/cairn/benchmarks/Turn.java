// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

/** A run's place among others that it takes turns with. */
interface Turn {
    /** Of a run that has the machine to itself. */
    Turn ALONE = () -> {};

    /** Lets the others have theirs, and returns when it is this one's again. */
    void pass();
}
