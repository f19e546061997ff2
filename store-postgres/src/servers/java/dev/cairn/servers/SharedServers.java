// SPDX-License-Identifier: Apache-2.0
package dev.cairn.servers;

import dev.cairn.servers.PostgresServer.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** The servers that all tests of this JVM share, and which kinds these are. */
final class SharedServers {
    /** Of this JVM: a server per test class would take most of the time of the tests. */
    static final SharedServers OF_THIS_JVM = new SharedServers();

    private static final String CHOICE = "cairn.servers";
    private static final String URL = "CAIRN_POSTGRES_URL";
    private static final String IMAGE = "postgres:18";

    private final Map<Kind, PostgresServer> servers = new EnumMap<>(Kind.class);
    private @Nullable List<Kind> chosen;

    private SharedServers() {}

    /** The named kinds, else the first of the order that is there. */
    synchronized List<Kind> chosen() {
        if (chosen == null) {
            List<Kind> named = named(System.getProperty(CHOICE, ""));
            named.forEach(SharedServers::require);
            chosen = named.isEmpty() ? List.of(first()) : named;
        }
        return chosen;
    }

    synchronized PostgresServer server(Kind kind) {
        PostgresServer server = servers.get(kind);
        if (server == null) {
            require(kind);
            server = start(kind);
            servers.put(kind, server);
            String version = server.version();
            System.out.println("PostgreSQL for the tests: " + kind.origin() + " " + version + " on " + server.host() + ":"
                    + server.port());
        }
        return server;
    }

    /** The kinds among names such as {@code postgres15,redis7}; those of other products are for other modules. */
    static List<Kind> named(String choice) {
        List<Kind> kinds = new ArrayList<>();
        for (String name : choice.split(",", -1)) {
            String word = name.strip().toLowerCase(Locale.ROOT);
            if (word.startsWith("postgres")) {
                kinds.add(Kind.named(word));
            }
        }
        return List.copyOf(kinds);
    }

    /** Fails if a server of this kind cannot be started here; the message says what is missing. */
    static void require(Kind kind) {
        String missing = missing(kind);
        if (!missing.isEmpty()) {
            throw new IllegalStateException("PostgreSQL for the tests, " + kind.word() + ": " + missing);
        }
    }

    /** Returns what is missing for a server of this kind, or nothing if it can be started here. */
    static String missing(Kind kind) {
        return switch (kind) {
            case ENVIRONMENT -> System.getenv(URL) == null ? "the environment has no " + URL : "";
            case DOCKER -> DockerClientFactory.instance().isDockerAvailable() ? "" : "there is no Docker";
            case POSTGRES15 -> PostgresBinaries.local15().isPresent()
                    ? ""
                    : "no PostgreSQL 15 is installed (asked `pg_config --bindir`, and looked where Debian puts it)";
            case POSTGRES18 -> PostgresBinaries.missing18();
        };
    }

    private static Kind first() {
        if (System.getenv(URL) != null) {
            return Kind.ENVIRONMENT;
        }
        if (DockerClientFactory.instance().isDockerAvailable()) {
            return Kind.DOCKER;
        }
        return PostgresServer.local();
    }

    private static PostgresServer start(Kind kind) {
        return switch (kind) {
            case ENVIRONMENT -> environment();
            case DOCKER -> docker();
            case POSTGRES15, POSTGRES18 -> PostgresServer.sharedLocal(kind);
        };
    }

    private static PostgresServer environment() {
        PostgresAddress address;
        try {
            address = PostgresAddress.parse(System.getenv(URL));
        } catch (IllegalArgumentException e) {
            // Without the value, which holds a password, and so without the cause.
            throw new IllegalStateException(URL + " must be postgresql://user:password@host:port/database");
        }
        return PostgresServer.existing(Kind.ENVIRONMENT, address);
    }

    // Ended by Testcontainers' own watchdog, with the JVM.
    @SuppressWarnings("resource")
    private static PostgresServer docker() {
        PostgreSQLContainer container = new PostgreSQLContainer(IMAGE);
        container.setCommand("postgres -c max_connections=200"); // in place of its own, which turns fsync off
        container.start();
        PostgresAddress address = new PostgresAddress(
                container.getHost(),
                container.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT),
                container.getUsername(),
                container.getPassword(),
                container.getDatabaseName(),
                "");
        return PostgresServer.existing(Kind.DOCKER, address);
    }
}
