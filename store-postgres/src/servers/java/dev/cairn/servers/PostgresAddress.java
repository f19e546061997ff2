// SPDX-License-Identifier: Apache-2.0
package dev.cairn.servers;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Where a database is, and as whom to go there; {@code query} holds further parameters, such as {@code sslmode=require}. */
record PostgresAddress(String host, int port, String user, String password, String database, String query) {
    private static final int DEFAULT_PORT = 5432;

    PostgresAddress(int port, String user, String password, String database) {
        this(Ports.HOST, port, user, password, database, "");
    }

    PostgresAddress withDatabase(String other) {
        return new PostgresAddress(host, port, user, password, other, query);
    }

    /** Reads {@code postgresql://user:password@host:port/database}, or the same for JDBC. */
    static PostgresAddress parse(String url) {
        URI uri = URI.create(url.startsWith("jdbc:") ? url.substring("jdbc:".length()) : url);
        boolean scheme = "postgresql".equals(uri.getScheme()) || "postgres".equals(uri.getScheme());
        if (!scheme || uri.getHost() == null || uri.getPath() == null || uri.getPath().length() < 2) {
            throw new IllegalArgumentException("must be postgresql://user:password@host:port/database");
        }
        String user = "";
        String password = "";
        if (uri.getRawUserInfo() != null) {
            String[] both = uri.getRawUserInfo().split(":", 2);
            user = decode(both[0]);
            password = both.length == 2 ? decode(both[1]) : "";
        }
        List<String> rest = new ArrayList<>();
        for (String parameter : uri.getRawQuery() == null ? new String[0] : uri.getRawQuery().split("&", -1)) {
            if (parameter.startsWith("user=")) {
                user = decode(parameter.substring("user=".length()));
            } else if (parameter.startsWith("password=")) {
                password = decode(parameter.substring("password=".length()));
            } else {
                rest.add(parameter);
            }
        }
        int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
        String database = uri.getPath().substring(1);
        return new PostgresAddress(uri.getHost(), port, user, password, database, String.join("&", rest));
    }

    String url() {
        String login = encode(user) + ":" + encode(password);
        return "postgresql://" + login + "@" + host + ":" + port + "/" + encode(database)
                + (query.isEmpty() ? "" : "?" + query);
    }

    String jdbcUrl() {
        String login = "?user=" + encode(user) + "&password=" + encode(password);
        return "jdbc:postgresql://" + host + ":" + port + "/" + encode(database) + login
                + (query.isEmpty() ? "" : "&" + query);
    }

    /** Opens a connection, waits for it at most as long as the driver's default. */
    Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl());
    }

    /** Returns the one value that a query answers with. */
    String ask(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(this + " did not answer: " + sql, e);
        }
    }

    /** Sends statements, each a transaction of its own. */
    void tell(String... statements) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(this + " refused a statement", e);
        }
    }

    @Override
    public String toString() {
        return user + "@" + host + ":" + port + "/" + database; // no password: this is printed
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
