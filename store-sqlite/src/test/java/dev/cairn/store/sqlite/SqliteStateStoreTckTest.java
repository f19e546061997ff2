// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

import dev.cairn.tck.StateStoreTck;
import dev.cairn.tck.StoreHarness;

class SqliteStateStoreTckTest implements StateStoreTck {
    @Override
    public StoreHarness harness() {
        return SqliteHarness.create();
    }
}
