// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

class MemoryStateStoreTckTest implements StateStoreTck {
    @Override
    public StoreHarness harness() {
        return MemoryHarness.create();
    }
}
