// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.servers.PostgresServer;

/** A store in a world where its classes were compiled from its sources, with its harness, a test class of its module. */
final class StoreSource {
    private StoreSource() {}

    static StoreHarness sqlite() {
        return create("dev.cairn.store.sqlite.SqliteHarness", new Class<?>[0]);
    }

    static StoreHarness postgres() {
        return create(
                "dev.cairn.store.postgres.PostgresHarness",
                new Class<?>[] {String.class, PostgresServer.class},
                "postgres",
                PostgresServer.shared());
    }

    private static StoreHarness create(String harness, Class<?>[] types, Object... values) {
        try {
            return (StoreHarness) Class.forName(harness, true, StoreSource.class.getClassLoader())
                    .getMethod("create", types)
                    .invoke(null, values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
