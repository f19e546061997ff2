// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples.folder;

import dev.cairn.spi.StateStore;
import dev.cairn.tck.ChildStore;
import dev.cairn.tck.StoreEnv;

/** Opens the folder of a storage in a child process. */
public final class FolderChild implements ChildStore {
    @Override
    public StateStore open(StoreEnv env) {
        return FolderStateStore.open(env.folder(), env.options());
    }
}
