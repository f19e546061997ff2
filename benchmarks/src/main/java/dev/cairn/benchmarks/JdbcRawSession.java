// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** A plain JDBC connection in autocommit mode with two prepared statements. */
abstract class JdbcRawSession implements RawDriver.Session {
    private final Connection connection;
    private final PreparedStatement insert;
    private final PreparedStatement select;

    JdbcRawSession(Connection connection, String insert, String select) throws SQLException {
        this.connection = connection;
        this.insert = connection.prepareStatement(insert);
        this.select = connection.prepareStatement(select);
    }

    abstract void bindInsert(PreparedStatement statement, RawDriver.Run run, int place, byte[] body)
            throws SQLException;

    abstract void bindSelect(PreparedStatement statement, RawDriver.Run run) throws SQLException;

    abstract byte[] body(ResultSet row) throws SQLException;

    @Override
    public void insert(RawDriver.Run run, int place, byte[] body) throws SQLException {
        bindInsert(insert, run, place, body);
        insert.executeUpdate();
    }

    @Override
    public void select(RawDriver.Run run, RawDriver.Row row) throws Exception {
        bindSelect(select, run);
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                row.body(body(rows));
            }
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException("a connection of the raw driver could not be closed", e);
        }
    }
}
