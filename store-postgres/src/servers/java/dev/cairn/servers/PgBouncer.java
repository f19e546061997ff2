// SPDX-License-Identifier: Apache-2.0
package dev.cairn.servers;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A pgbouncer in transaction mode in front of a PostgreSQL, on a free port of the loopback address: each transaction may
 * run on another connection of the server. Nothing is left of it when the JVM ends.
 */
public final class PgBouncer implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(20);
    private static final int ATTEMPTS = 5;

    private final ServerFolder folder;
    private final PostgresAddress address;

    private PgBouncer(ServerFolder folder, PostgresAddress address) {
        this.folder = folder;
        this.address = address;
    }

    /**
     * Starts one, and returns when it answers a query; returns nothing if pgbouncer is not installed.
     *
     * @param poolSize how many connections to the server it holds at most, at least 1
     * @throws IllegalStateException if it does not start; nothing is left of it
     */
    public static Optional<PgBouncer> inFrontOf(PostgresServer server, int poolSize) {
        if (poolSize < 1) {
            throw new IllegalArgumentException("poolSize must be at least 1, was " + poolSize);
        }
        return program().map(program -> start(program, server.address(), poolSize));
    }

    /** Returns {@code postgresql://user:password@host:port/database}. */
    public String url() {
        return address.url();
    }

    /** Returns {@code jdbc:postgresql://host:port/database?user=…&password=…}. */
    public String jdbcUrl() {
        return address.jdbcUrl();
    }

    /** Returns the port on which it listens. */
    public int port() {
        return address.port();
    }

    /** Ends it at once, with the connections that it holds. */
    @Override
    public void close() {
        folder.end();
    }

    /** The folder that goes with it. */
    Path folder() {
        return folder.path();
    }

    /** The process by the id that it wrote. */
    ProcessHandle process() {
        try {
            String id = Files.readString(folder.path().resolve("pgbouncer.pid")).strip();
            return ProcessHandle.of(Long.parseLong(id)).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read pgbouncer's process id", e);
        }
    }

    private static PgBouncer start(String program, PostgresAddress server, int poolSize) {
        ServerFolder folder = ServerFolder.create("pgbouncer");
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                PostgresAddress address =
                        new PostgresAddress(Ports.free(), server.user(), server.password(), server.database());
                configure(folder, address.port(), server, poolSize);
                Process process = folder.start(List.of(program, "pgbouncer.ini"));
                if (answers(process, address)) {
                    return new PgBouncer(folder, address);
                }
            }
            throw new IllegalStateException("pgbouncer did not start:\n" + folder.logTail());
        } catch (RuntimeException e) {
            folder.end();
            throw e;
        }
    }

    private static void configure(ServerFolder folder, int port, PostgresAddress server, int poolSize) {
        folder.write("users.txt", "\"" + quoted(server.user()) + "\" \"" + quoted(server.password()) + "\"\n");
        // extra_float_digits: the JDBC driver asks for it at the start of every connection.
        String settings =
                """
                [databases]
                * = host=%s port=%d
                [pgbouncer]
                listen_addr = %s
                listen_port = %d
                unix_socket_dir =
                auth_type = scram-sha-256
                auth_file = users.txt
                pool_mode = transaction
                default_pool_size = %d
                max_client_conn = 1000
                ignore_startup_parameters = extra_float_digits
                pidfile = pgbouncer.pid
                """;
        folder.write(
                "pgbouncer.ini", settings.formatted(server.host(), server.port(), Ports.HOST, port, poolSize));
    }

    /** Returns whether it answers a query before it ends or the time is over. */
    private static boolean answers(Process process, PostgresAddress address) {
        SQLException[] last = new SQLException[1];
        boolean[] answered = new boolean[1];
        Waiting.until(START_LIMIT, () -> {
            try (Connection connection = address.connect();
                    Statement statement = connection.createStatement()) {
                answered[0] = statement.execute("SELECT 1");
            } catch (SQLException e) {
                last[0] = e;
            }
            return answered[0] || !process.isAlive();
        });
        if (!answered[0] && process.isAlive()) {
            throw new IllegalStateException("pgbouncer does not answer on " + address, last[0]);
        }
        return process.isAlive();
    }

    /** Looks on the path, and in the folders of system programs beside it, which not every user has there. */
    private static Optional<String> program() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .map(Path::of)
                .flatMap(bin -> Stream.of(bin, bin.resolveSibling("sbin")))
                .map(bin -> bin.resolve("pgbouncer"))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    private static String quoted(String text) {
        return text.replace("\"", "\"\"");
    }
}
