// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What all groups of clauses stand on. */
@ExtendWith(KitExtension.class)
@Execution(ExecutionMode.SAME_THREAD)
interface KitClauses {
    /** What the kit is given of the store. Asked for once in a run. */
    StoreHarness harness();
}
