// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.StateStore;
import dev.cairn.spi.StoreOptions;

/** Opens in a child process, which is going to be killed, the storage of this one. Has a constructor without arguments. */
public interface ChildStore {
    /** Opens it as the harness does. */
    StateStore open(String storage, StoreOptions options) throws Exception;
}
