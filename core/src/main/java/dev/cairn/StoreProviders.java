// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.spi.StateStore;
import dev.cairn.spi.StoreProvider;
import dev.cairn.spi.StoreUrl;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.ServiceLoader;

/** Finds the module that opens a URL: first with the thread's class loader, then with Cairn's own. */
final class StoreProviders {
    private static final Map<String, String> MODULES = Map.of(
            "sqlite", "dev.cairn:cairn-store-sqlite",
            "postgresql", "dev.cairn:cairn-store-postgres",
            "postgres", "dev.cairn:cairn-store-postgres",
            "mongodb", "dev.cairn:cairn-store-mongo",
            "mongodb+srv", "dev.cairn:cairn-store-mongo",
            "redis", "dev.cairn:cairn-store-redis",
            "rediss", "dev.cairn:cairn-store-redis",
            "libsql", "dev.cairn:cairn-store-sqlite");

    private StoreProviders() {}

    static StateStore open(String url) {
        StoreUrl parsed = StoreUrl.parse(url);
        StoreProvider found = find(parsed.scheme(), Thread.currentThread().getContextClassLoader());
        if (found == null) {
            found = find(parsed.scheme(), StoreProviders.class.getClassLoader());
        }
        if (found == null) {
            String module = MODULES.get(parsed.scheme());
            throw new IllegalArgumentException("nothing on the class path opens " + parsed.scheme() + ": URLs; "
                    + (module == null
                            ? "the schemes of Cairn's own stores are " + new java.util.TreeSet<>(MODULES.keySet())
                            : "add " + module));
        }
        return found.open(parsed);
    }

    private static @org.jspecify.annotations.Nullable StoreProvider find(
            String scheme, @org.jspecify.annotations.Nullable ClassLoader loader) {
        Map<String, StoreProvider> byName = new LinkedHashMap<>();
        for (StoreProvider provider : ServiceLoader.load(StoreProvider.class, loader)) {
            if (provider.schemes().contains(scheme)) {
                byName.put(provider.getClass().getName(), provider);
            }
        }
        if (byName.size() > 1) {
            throw new IllegalStateException("two modules open " + scheme + ": URLs, " + byName.keySet()
                    + "; keep one of them on the class path");
        }
        return byName.isEmpty() ? null : byName.values().iterator().next();
    }
}
