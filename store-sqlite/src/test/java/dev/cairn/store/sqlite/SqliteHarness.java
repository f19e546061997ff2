// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

import dev.cairn.spi.Ability;
import dev.cairn.spi.SchemaMode;
import dev.cairn.tck.StoreEnv;
import dev.cairn.tck.StoreHarness;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.sqlite.SQLiteDataSource;

/** What the kit is given of this store. */
public final class SqliteHarness {
    private SqliteHarness() {}

    /** Opens a file in the folder of each storage. */
    public static StoreHarness create() {
        return StoreHarness.named("sqlite")
                .opens(env -> builder(env).options(env.options()).open())
                .insideTransaction(env -> SqliteStateStore.builder(insideTransaction(env))
                        .options(env.options())
                        .open())
                .verifyOnly(
                        env -> builder(env)
                                .options(env.options())
                                .schema(SchemaMode.VERIFY)
                                .open(),
                        "cairn_meta",
                        "cairn_head",
                        "cairn_head_listed",
                        "cairn_journal",
                        "cairn_entry",
                        "cairn_message",
                        "cairn_cache",
                        "cairn_runs",
                        "cairn_steps")
                .opensInChild(SqliteChild.class)
                .raw(new SqliteRaw())
                .locks(new SqliteLocks())
                .declares(Ability.STEP_CACHE);
    }

    private static SqliteStateStore.Builder builder(StoreEnv env) {
        return env.isRouted()
                ? SqliteStateStore.builder(env.route((DataSource) source(env, new SQLiteDataSource())))
                : SqliteStateStore.builder(file(env));
    }

    private static SQLiteDataSource source(StoreEnv env, SQLiteDataSource source) {
        source.setUrl("jdbc:sqlite:" + file(env));
        return source;
    }

    static Path file(StoreEnv env) {
        return env.folder().resolve("runs.db");
    }

    private static SQLiteDataSource insideTransaction(StoreEnv env) {
        return source(env, new SQLiteDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                Connection connection = super.getConnection();
                connection.setAutoCommit(false);
                return connection;
            }
        });
    }
}
