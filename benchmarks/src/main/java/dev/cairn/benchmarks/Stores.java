// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import dev.cairn.spi.StateStore;
import dev.cairn.spi.StoreProvider;
import dev.cairn.spi.StoreUrl;
import java.util.ServiceLoader;

/** Opens stores by URL, as Cairn does, for those who also read what was written. */
final class Stores {
    private Stores() {}

    static StateStore open(String url) {
        String scheme = StoreUrl.parse(url).scheme();
        for (StoreProvider provider : ServiceLoader.load(StoreProvider.class, Stores.class.getClassLoader())) {
            if (provider.schemes().contains(scheme)) {
                return provider.open(StoreUrl.parse(url));
            }
        }
        throw new IllegalStateException("no module on the class path opens " + scheme
                + ": URLs; add the store's module to the benchmarks' dependencies");
    }
}
