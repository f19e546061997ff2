// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.memory.InMemoryStateStore;
import dev.cairn.spi.StoreOptions;
import java.time.InstantSource;

/** The reference store: the one place where clauses of the first part get at it. */
final class LockStepReference {
    private LockStepReference() {}

    /** Opens an empty one, by the system's clock: what a store is compared with, or a run is moved to. */
    static Instance open(Trial trial, String name) {
        StoreOptions options = trial.options().build();
        return trial.opened(name, InMemoryStateStore.open(options, InstantSource.system()), options);
    }
}
