// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples.folder;

import dev.cairn.tck.StateStoreTck;
import dev.cairn.tck.StoreHarness;

class FolderStateStoreTckTest implements StateStoreTck {
    @Override
    public StoreHarness harness() {
        return StoreHarness.named("folder")
                .opens(env -> FolderStateStore.open(env.folder(), env.options()))
                .takesNoConnections()
                .opensInChild(FolderChild.class)
                .raw(new FolderRaw())
                .locks(new FolderLocks())
                .declares();
    }
}
