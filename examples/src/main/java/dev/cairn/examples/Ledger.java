// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples;

import dev.cairn.StepFailure;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.sqlite.SQLiteConfig;

/**
 * A bank that keeps its charges in an SQLite file of its own. A ledger that another process writes to is waited for. Safe for
 * use by many threads and processes.
 */
final class Ledger implements Bank, AutoCloseable {
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);
    private static final int DRIVER_WAIT_MILLIS = 500;
    private static final int BUSY = 5;
    private static final int LOCKED = 6;

    private final ReentrantLock lock = new ReentrantLock();
    private final Connection connection;
    private final LongSupplier nanos;

    private Ledger(Connection connection, LongSupplier nanos) {
        this.connection = connection;
        this.nanos = nanos;
    }

    private static final String CREATE = """
            CREATE TABLE IF NOT EXISTS charge (
                order_id        INTEGER NOT NULL,
                idempotency_key TEXT    NOT NULL PRIMARY KEY,
                amount_cents    INTEGER NOT NULL,
                charged_at      TEXT    NOT NULL,
                repeats         INTEGER NOT NULL DEFAULT 0
            )
            """;

    /** Opens a ledger, and creates it where there is none. */
    static Ledger open(Path file) throws SQLException {
        Ledger ledger = new Ledger(connect(file), System::nanoTime);
        try {
            ledger.onceFree(connection -> {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("PRAGMA journal_mode = WAL");
                    statement.execute(CREATE);
                    return true;
                }
            });
            return ledger;
        } catch (SQLException e) {
            ledger.close();
            throw e;
        }
    }

    private static final String COLUMNS = """
            SELECT s.name AS entry, c.name AS column FROM sqlite_schema AS s LEFT JOIN pragma_table_info(s.name) AS c
            ORDER BY s.name, c.cid
            """;

    /** The columns of each table and index in a database that exists. Changes nothing. */
    static Map<String, List<String>> columns(Path file) throws SQLException {
        try (Ledger ledger = new Ledger(connect(file), System::nanoTime)) {
            return ledger.onceFree(connection -> {
                Map<String, List<String>> columns = new HashMap<>();
                try (Statement statement = connection.createStatement();
                        ResultSet row = statement.executeQuery(COLUMNS)) {
                    while (row.next()) {
                        columns.computeIfAbsent(row.getString("entry"), entry -> new ArrayList<>())
                                .add(String.valueOf(row.getString("column")));
                    }
                }
                return columns;
            });
        }
    }

    private static Connection connect(Path file) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setBusyTimeout(DRIVER_WAIT_MILLIS);
        return config.createConnection("jdbc:sqlite:" + file);
    }

    private static final String CHARGE = """
            INSERT INTO charge (order_id, idempotency_key, amount_cents, charged_at)
            VALUES (?, ?, ?, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
            ON CONFLICT (idempotency_key) DO UPDATE SET repeats = repeats + 1
            WHERE order_id = excluded.order_id AND amount_cents = excluded.amount_cents
            RETURNING rowid, amount_cents
            """; // no row: the key stands for another charge

    @Override
    public Receipt charge(Order order, String idempotencyKey) throws SQLException {
        return onceFree(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(CHARGE)) {
                statement.setInt(1, order.id());
                statement.setString(2, idempotencyKey);
                statement.setLong(3, order.amountCents());
                try (ResultSet row = statement.executeQuery()) {
                    if (!row.next()) {
                        throw new StepFailure(
                                "KEY_REUSED",
                                "the bank knows the idempotency key of " + order.runId() + " by another charge");
                    }
                    return new Receipt(row.getLong(1), row.getLong(2));
                }
            }
        });
    }

    private static final String CHARGES = """
            SELECT order_id, amount_cents, repeats FROM charge
            """;

    /** Counts what the ledger holds of these orders. */
    Charges count(List<Order> orders) throws SQLException {
        Map<Integer, Long> amounts = new HashMap<>();
        orders.forEach(order -> amounts.put(order.id(), order.amountCents()));
        return onceFree(connection -> {
            Charges.Counter counter = new Charges.Counter(amounts);
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(CHARGES)) {
                while (row.next()) {
                    counter.add(row.getInt(1), row.getLong(2), row.getLong(3));
                }
            }
            return counter.charges();
        });
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private interface Work<T> {
        T in(Connection connection) throws SQLException;
    }

    /** The bank is only slow where it is busy: the driver waits, and beyond that it is asked again. */
    private <T> T onceFree(Work<T> work) throws SQLException {
        lock.lock();
        try {
            long begun = nanos.getAsLong();
            while (true) {
                try {
                    return work.in(connection);
                } catch (SQLException e) {
                    if (!isBusy(e)) {
                        throw e;
                    }
                    if (nanos.getAsLong() - begun > LONGEST_WAIT.toNanos()) {
                        throw new SQLTransientException("the ledger was busy for " + LONGEST_WAIT, e);
                    }
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private static boolean isBusy(SQLException e) {
        int code = e.getErrorCode() & 0xff;
        return code == BUSY || code == LOCKED;
    }
}
