// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import dev.cairn.spi.StateStore;
import dev.cairn.spi.StoreUrl;
import dev.cairn.tck.ChildStore;
import dev.cairn.tck.StoreEnv;
import java.util.Objects;

/** Opens the schema of a storage in a child process. */
public final class PostgresChild implements ChildStore {
    /** The setting that says where the server is, password included. */
    static final String URL = "url";

    @Override
    public StateStore open(StoreEnv env) {
        String url = Objects.requireNonNull(env.settings().get(URL));
        return new PostgresStateStore.Builder(PostgresUrl.take(StoreUrl.parse(url)))
                .options(env.options())
                .schemaName(env.storage())
                .open();
    }
}
