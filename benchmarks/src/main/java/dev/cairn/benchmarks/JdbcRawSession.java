// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import dev.cairn.spi.Entry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** A plain JDBC connection in autocommit mode with its prepared statements. */
abstract class JdbcRawSession implements RawDriver.Session {
    private final Connection connection;
    private final PreparedStatement insert;
    private final PreparedStatement insertWhole;
    private final PreparedStatement select;

    JdbcRawSession(Connection connection, String insert, String insertWhole, String select) throws SQLException {
        this.connection = connection;
        this.insert = connection.prepareStatement(insert);
        this.insertWhole = connection.prepareStatement(insertWhole);
        this.select = connection.prepareStatement(select);
    }

    abstract void bindInsert(PreparedStatement statement, RawDriver.Run run, int place, byte[] body)
            throws SQLException;

    abstract void bindSelect(PreparedStatement statement, RawDriver.Run run) throws SQLException;

    abstract void bindWhole(PreparedStatement statement, RawDriver.Run run, Entry entry) throws SQLException;

    @Override
    public void insert(RawDriver.Run run, int place, byte[] body) throws SQLException {
        bindInsert(insert, run, place, body);
        insert.executeUpdate();
    }

    @Override
    public void insertWhole(RawDriver.Run run, Entry entry) throws SQLException {
        bindWhole(insertWhole, run, entry);
        insertWhole.executeUpdate();
    }

    /** Every column is fetched, as whoever resumes must; the body is the last one. */
    @Override
    public void selectWhole(RawDriver.Run run, RawDriver.Row row) throws Exception {
        bindSelect(select, run);
        try (ResultSet rows = select.executeQuery()) {
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                for (int column = 1; column < columns; column++) {
                    rows.getObject(column);
                }
                row.body(rows.getBytes(columns));
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
