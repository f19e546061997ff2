// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

import dev.cairn.spi.SchemaMode;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.StoreOptions;
import dev.cairn.spi.StoreProvider;
import dev.cairn.spi.StoreUrl;
import java.nio.file.Path;
import java.util.Set;

/**
 * Opens {@code sqlite:orders.db}, {@code sqlite:/var/lib/app/orders.db} and the same behind {@code jdbc:}. Options: those
 * of every store, and {@code schema=apply|verify}.
 */
public final class SqliteStoreProvider implements StoreProvider {
    private static final String KNOWN =
            "namespace, fence-time, lock-bound, page-bytes, payload-limit, on-weak, tier, schema=apply|verify";

    @Override
    public Set<String> schemes() {
        return Set.of("sqlite");
    }

    @Override
    public StateStore open(StoreUrl url) {
        Path file = file(url.rest());
        StoreOptions options = StoreOptions.from(url).build();
        SchemaMode mode = url.takeEnum("schema", SchemaMode.class).orElse(SchemaMode.APPLY);
        url.requireNoMore(KNOWN);
        return SqliteStateStore.builder(file).options(options).schema(mode).open();
    }

    private static Path file(String rest) {
        if (rest.isBlank() || rest.contains(":memory:")) {
            throw new IllegalArgumentException(
                    "\"sqlite:" + rest + "\" names no file: a database in memory is gone with"
                            + " its connection, so that nothing could be resumed; name a file, such as sqlite:orders.db, or use"
                            + " Cairn.inMemory()");
        }
        if (rest.startsWith("file:") || (rest.startsWith("//") && !rest.startsWith("///"))) {
            throw new IllegalArgumentException(
                    "\"sqlite:" + rest + "\" is not a path; write sqlite:orders.db for a file in"
                            + " the working folder, or sqlite:/var/lib/app/orders.db");
        }
        return Path.of(rest);
    }
}
