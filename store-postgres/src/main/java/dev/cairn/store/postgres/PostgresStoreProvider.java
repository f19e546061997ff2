// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import dev.cairn.spi.SchemaMode;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.StoreOptions;
import dev.cairn.spi.StoreProvider;
import dev.cairn.spi.StoreUrl;
import java.util.Set;

/**
 * Opens {@code postgresql://user:password@host:5432/database}, the same with several hosts, and the same behind
 * {@code jdbc:}. Options: those of every store, {@code schema=apply|verify}, {@code schema-name}, {@code pool-size},
 * {@code pool-timeout}, and those of the driver that {@code docs/postgres.md} lists.
 */
public final class PostgresStoreProvider implements StoreProvider {
    @Override
    public Set<String> schemes() {
        return Set.of("postgresql", "postgres");
    }

    @Override
    public StateStore open(StoreUrl url) {
        StoreOptions options = StoreOptions.from(url).build();
        SchemaMode mode = url.takeEnum("schema", SchemaMode.class).orElse(SchemaMode.APPLY);
        String schema = url.take("schema-name").orElse(PostgresStateStore.DEFAULT_SCHEMA);
        PostgresUrl source = PostgresUrl.take(url);
        return new PostgresStateStore.Builder(source)
                .options(options)
                .schema(mode)
                .schemaName(schema)
                .open();
    }
}
