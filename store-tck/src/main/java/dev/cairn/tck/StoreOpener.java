// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.StateStore;

/** Opens a store as a process does: each call stands for another process. */
@FunctionalInterface
public interface StoreOpener {
    /** Opens the storage that the environment names, with its options, and sets it up where it is empty. */
    StateStore open(StoreEnv env) throws Exception;
}
