// SPDX-License-Identifier: Apache-2.0
package dev.cairn.servers;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A running PostgreSQL for tests and benchmarks. Each one was asked for {@code fsync}, {@code synchronous_commit} and {@code
 * full_page_writes} before it is handed out: all three are on. A shared one lives as long as the JVM; one made by {@link
 * #start(Map)} is the caller's, who may kill it. Of either, nothing is left when the JVM ends, also when it is killed.
 */
public final class PostgresServer implements AutoCloseable {
    /** Where a server comes from, in the order in which they are tried. */
    public enum Kind {
        /** The one that {@code CAIRN_POSTGRES_URL} names. */
        ENVIRONMENT("postgres-environment", "from CAIRN_POSTGRES_URL"),
        /** A container. */
        DOCKER("postgres-docker", "Docker"),
        /** PostgreSQL 15 as it is installed on this machine. */
        POSTGRES15("postgres15", "local"),
        /** PostgreSQL 18 from binaries that came as a dependency. */
        POSTGRES18("postgres18", "embedded");

        private final String word;
        private final String origin;

        Kind(String word, String origin) {
            this.word = word;
            this.origin = origin;
        }

        /** Returns what {@code -Dcairn.servers} calls it. */
        public String word() {
            return word;
        }

        String origin() {
            return origin;
        }

        static Kind named(String word) {
            for (Kind kind : values()) {
                if (kind.word.equals(word)) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("-Dcairn.servers names " + word + ", must be one of postgres15, postgres18,"
                    + " postgres-docker, postgres-environment");
        }
    }

    private final Kind kind;
    private final PostgresAddress given;
    private final @Nullable LocalPostgres local;
    private final boolean shared;

    private PostgresServer(Kind kind, PostgresAddress given, @Nullable LocalPostgres local, boolean shared) {
        this.kind = kind;
        this.given = given;
        this.local = local;
        this.shared = shared;
    }

    /** Returns the one server that tests share in this JVM: the first of {@link #chosen}. */
    public static PostgresServer shared() {
        return shared(chosen().get(0));
    }

    /**
     * Returns the server of this kind that tests share in this JVM. It is started at first use, which prints which it is and
     * its version.
     *
     * @throws IllegalStateException if there is none; the message says what is missing
     */
    public static PostgresServer shared(Kind kind) {
        return SharedServers.OF_THIS_JVM.server(kind);
    }

    /**
     * Returns the kinds that the kit is to run on: those named in {@code -Dcairn.servers}, such as {@code
     * postgres15,postgres18}, else the first that is there. Names of other products are left to others.
     *
     * @throws IllegalStateException if a named one is not there; the message says what is missing
     */
    public static List<Kind> chosen() {
        return SharedServers.OF_THIS_JVM.chosen();
    }

    /** Starts a server with a data folder of its own: the local 15 where it is there, else 18. */
    public static PostgresServer start(Map<String, String> settings) {
        return start(local(), settings);
    }

    /**
     * Starts a server with a data folder of its own, on a free port of the loopback address.
     *
     * @param kind 15 or 18
     * @param settings lines of postgresql.conf, such as {@code max_connections} and {@code 300}; what they say is not checked
     * @throws IllegalStateException if it does not start; nothing is left of it
     */
    public static PostgresServer start(Kind kind, Map<String, String> settings) {
        return started(kind, settings, false);
    }

    static Kind local() {
        return PostgresBinaries.local15().isPresent() ? Kind.POSTGRES15 : Kind.POSTGRES18;
    }

    static PostgresServer sharedLocal(Kind kind) {
        return started(kind, Map.of(), true);
    }

    static PostgresServer existing(Kind kind, PostgresAddress address) {
        Durability.check(address, Set.of());
        return new PostgresServer(kind, address, null, true);
    }

    private static PostgresServer started(Kind kind, Map<String, String> settings, boolean shared) {
        if (kind != Kind.POSTGRES15 && kind != Kind.POSTGRES18) {
            throw new IllegalArgumentException("only 15 and 18 can be started with a folder of their own, not " + kind);
        }
        SharedServers.require(kind);
        PostgresBinaries binaries = kind == Kind.POSTGRES15
                ? PostgresBinaries.local15().orElseThrow()
                : PostgresBinaries.embedded18();
        LocalPostgres local = LocalPostgres.start(binaries, settings);
        return new PostgresServer(kind, local.address(), local, shared);
    }

    /** Returns where it comes from. */
    public Kind kind() {
        return kind;
    }

    /** Returns the host, which is the loopback address unless the environment named another. */
    public String host() {
        return given.host();
    }

    /** Returns the port, the same after {@link #restart}. */
    public int port() {
        return given.port();
    }

    /** Returns the role that owns the database; on a server that was started here it is not a superuser. */
    public String user() {
        return given.user();
    }

    /** Returns the password of the role. */
    public String password() {
        return given.password();
    }

    /** Returns the name of the database. */
    public String database() {
        return given.database();
    }

    /** Returns {@code postgresql://user:password@host:port/database}. */
    public String url() {
        return given.url();
    }

    /** Returns {@code jdbc:postgresql://host:port/database?user=…&password=…}. */
    public String jdbcUrl() {
        return given.jdbcUrl();
    }

    /**
     * Returns the JDBC URL of a superuser in the same database, for {@code ALTER SYSTEM} and the like.
     *
     * @throws IllegalStateException if the server was not started here
     */
    public String adminJdbcUrl() {
        if (local == null) {
            throw new IllegalStateException("no superuser is known on " + this);
        }
        return local.admin().jdbcUrl();
    }

    /** Returns the version, such as {@code 15.18}. */
    public String version() {
        return given.ask("SHOW server_version").split(" ", 2)[0];
    }

    /** Ends the postmaster and all its children by SIGKILL; returns when all are gone and the port is free. */
    public void kill() {
        own().kill();
    }

    /** Starts it again on the same folder and port; returns when it answers a query. */
    public void restart() {
        own().restart();
    }

    /** Stops it cleanly, without waiting for clients; returns when all processes are gone and the port is free. */
    public void stop() {
        own().stop();
    }

    /**
     * Starts a copy that streams from this one, as its synchronous standby: after this returns, a commit here waits for it,
     * also when the standby is down. It is closed by itself.
     */
    public PostgresServer standby() {
        LocalPostgres standby = own().standby();
        return new PostgresServer(kind, standby.address(), standby, false);
    }

    /** Makes a standby the primary, which waits for nobody; returns when it takes writes. The old primary is left alone. */
    public void promote() {
        own().promote();
    }

    /** Ends it at once and removes its folder. A shared one stays until the JVM ends. */
    @Override
    public void close() {
        if (local != null && !shared) {
            local.end();
        }
    }

    @Override
    public String toString() {
        return kind.origin() + " PostgreSQL, " + given;
    }

    PostgresAddress address() {
        return given;
    }

    /** The folder that goes with it. */
    Path folder() {
        return own().folder();
    }

    /** The processes of the server, the postmaster first. */
    List<ProcessHandle> processes() {
        return own().processes();
    }

    private LocalPostgres own() {
        if (local == null || shared) {
            throw new IllegalStateException("others use it too, only one made by start can be changed: " + this);
        }
        return local;
    }
}
