// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** The SQLite store in a world where its classes were compiled from its sources. */
final class SqliteSource {
    /** Its harness, a test class of its module that is compiled along. */
    private static final String HARNESS = "dev.cairn.store.sqlite.SqliteHarness";

    private SqliteSource() {}

    static StoreHarness harness() {
        try {
            return (StoreHarness) Class.forName(HARNESS, true, SqliteSource.class.getClassLoader())
                    .getMethod("create")
                    .invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
