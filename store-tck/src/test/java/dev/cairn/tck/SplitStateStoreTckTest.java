// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

class SplitStateStoreTckTest implements StateStoreTck {
    @Override
    public StoreHarness harness() {
        return SplitHarness.create();
    }
}
