// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.StateStore;

/**
 * Opens the storage in a child process, which the kit starts with this process' class path, under other settings or with a
 * wrong clock, and kills. A public class with a constructor without arguments.
 */
@FunctionalInterface
public interface ChildStore {
    /**
     * Opens the storage that the environment names, as the harness does. What else the child has to know, such as where
     * the server is and a password, the harness hands over as {@link StoreEnv#settings}.
     */
    StateStore open(StoreEnv env) throws Exception;
}
