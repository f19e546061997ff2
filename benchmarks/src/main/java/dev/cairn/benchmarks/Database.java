// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** How a PostgreSQL database is reached. */
record Database(String host, int port, String name, String user, String password) {
    String jdbcUrl() {
        return "jdbc:postgresql://" + host + ":" + port + "/" + name;
    }

    /** As Cairn takes it. */
    String url() {
        return "postgresql://" + user + ":" + password + "@" + host + ":" + port + "/" + name;
    }

    Database named(String other) {
        return new Database(host, port, other, user, password);
    }

    /** The same through another port. */
    Database through(int otherPort) {
        return new Database(host, otherPort, name, user, password);
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl(), user, password);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "database " + name + " on " + host + ":" + port;
    }
}
