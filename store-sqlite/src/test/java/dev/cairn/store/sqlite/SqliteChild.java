// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

import dev.cairn.spi.StateStore;
import dev.cairn.tck.ChildStore;
import dev.cairn.tck.StoreEnv;

/** Opens the file of a storage in a child process. */
public final class SqliteChild implements ChildStore {
    @Override
    public StateStore open(StoreEnv env) {
        return SqliteStateStore.builder(SqliteHarness.file(env))
                .options(env.options())
                .open();
    }
}
