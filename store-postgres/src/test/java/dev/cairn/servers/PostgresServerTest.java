// SPDX-License-Identifier: Apache-2.0
package dev.cairn.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.servers.PostgresServer.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The servers that the other tests rely on. */
class PostgresServerTest {
    /** Those that can be killed: on CI, where they are named, none of them may be missing. */
    static Stream<Kind> startable() {
        List<Kind> named = SharedServers.named(System.getProperty("cairn.servers", ""));
        return Stream.of(Kind.POSTGRES15, Kind.POSTGRES18)
                .filter(kind ->
                        named.contains(kind) || SharedServers.missing(kind).isEmpty());
    }

    static List<Kind> chosen() {
        return PostgresServer.chosen();
    }

    @ParameterizedTest
    @MethodSource("chosen")
    @DisplayName("a shared server is durable, and the same for all")
    void sharedIsDurable(Kind kind) {
        PostgresServer server = PostgresServer.shared(kind);

        assertThat(Durability.SETTINGS)
                .allSatisfy(setting ->
                        assertThat(server.address().ask("SHOW " + setting)).isEqualTo("on"));
        assertThat(PostgresServer.shared(kind)).isSameAs(server);
        assertThat(server.address().ask("SELECT current_user || ' ' || current_database()"))
                .isEqualTo(server.user() + " " + server.database());
    }

    @Test
    @DisplayName("a shared server cannot be killed, and closing it leaves it to the others")
    void sharedStays() {
        PostgresServer server = PostgresServer.shared();

        assertThatThrownBy(server::kill).isInstanceOf(IllegalStateException.class);
        server.close();

        assertThat(server.address().ask("SELECT 1")).isEqualTo("1");
    }

    @ParameterizedTest
    @MethodSource("startable")
    @DisplayName("a killed or stopped server starts again on its folder and port, with every committed row")
    void killAndRestart(Kind kind) {
        try (PostgresServer server = PostgresServer.start(kind, Map.of("max_connections", "37"))) {
            String url = server.url();
            server.address().tell("CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (1)");
            List<ProcessHandle> processes = server.processes();

            server.kill();
            List<ProcessHandle> left = alive(processes);
            server.restart();
            server.address().tell("INSERT INTO kept VALUES (2)");
            server.stop();
            server.restart();

            assertThat(processes).hasSizeGreaterThan(3);
            assertThat(left).isEmpty();
            assertThat(server.url()).isEqualTo(url);
            assertThat(server.address().ask("SELECT sum(n) FROM kept")).isEqualTo("3");
            assertThat(server.address().ask("SHOW max_connections")).isEqualTo("37");
        }
    }

    @ParameterizedTest
    @MethodSource("startable")
    @DisplayName("after the primary was killed, a promoted standby has every commit and takes writes")
    void standbyHasEveryCommit(Kind kind) {
        try (PostgresServer primary = PostgresServer.start(kind, Map.of())) {
            primary.address().tell("CREATE TABLE kept (n int)");
            try (PostgresServer standby = primary.standby()) {
                for (int n = 1; n <= 20; n++) {
                    primary.address().tell("INSERT INTO kept VALUES (" + n + ")");
                }
                primary.kill();

                standby.promote();

                assertThat(standby.address().ask("SELECT sum(n) FROM kept")).isEqualTo("210");
                standby.address().tell("INSERT INTO kept VALUES (21)");
                assertThat(standby.address().ask("SELECT count(*) FROM kept")).isEqualTo("21");
            }
        }
    }

    @Test
    @DisplayName("a commit waits for the standby while it is down")
    void commitWaitsForStandby() {
        try (PostgresServer primary = PostgresServer.start(Map.of());
                PostgresServer standby = primary.standby()) {
            standby.kill();

            Thread commit = new Thread(() -> primary.address().tell("CREATE TABLE kept (n int)"));
            commit.setDaemon(true);
            commit.setUncaughtExceptionHandler((thread, e) -> {}); // the primary ends under it
            commit.start();
            boolean waits = Waiting.until(
                    Duration.ofSeconds(10),
                    () -> primary.address()
                            .ask("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
                            .equals("1"));

            assertThat(waits).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("startable")
    @DisplayName("a closed server leaves no process and no folder, also after a kill")
    void closeLeavesNothing(Kind kind) {
        PostgresServer running = PostgresServer.start(kind, Map.of());
        PostgresServer killed = PostgresServer.start(kind, Map.of());
        List<ProcessHandle> processes = running.processes();
        killed.kill();

        running.close();
        killed.close();

        assertThat(processes).hasSizeGreaterThan(3);
        assertThat(alive(processes)).isEmpty();
        assertThat(running.folder()).doesNotExist();
        assertThat(killed.folder()).doesNotExist();
        assertThat(Ports.isFree(running.port())).isTrue();
    }

    @Test
    @DisplayName("a server that does not start says why, and leaves nothing")
    void failureSaysWhy() {
        assertThatThrownBy(() -> PostgresServer.start(Map.of("shared_buffers", "many")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("invalid value for parameter \"shared_buffers\"");
    }

    @Test
    @DisplayName("a weaker server is refused, and the setting is named")
    void weakerIsRefused() {
        try (PostgresServer weak = PostgresServer.start(Map.of("full_page_writes", "off"))) {
            PostgresAddress address = PostgresAddress.parse(weak.jdbcUrl());

            assertThatThrownBy(() -> PostgresServer.existing(Kind.ENVIRONMENT, address))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("full_page_writes is off, must be on")
                    .hasMessageNotContaining(weak.password());
        }
    }

    @Test
    @DisplayName("a choice of servers names ours, ignores those of other products, and refuses an unknown one")
    void choice() {
        assertThat(SharedServers.named("postgres15, postgres18,redis7,mongo"))
                .containsExactly(Kind.POSTGRES15, Kind.POSTGRES18);
        assertThat(SharedServers.named("")).isEmpty();
        assertThatThrownBy(() -> SharedServers.named("postgres9"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("postgres9");
    }

    @ParameterizedTest
    @MethodSource("urls")
    @DisplayName("a URL is read and written in both forms")
    void urls(String url) {
        PostgresAddress address = PostgresAddress.parse(url);

        assertThat(address.password()).isEqualTo("p+w/ %");
        assertThat(address).isEqualTo(PostgresAddress.parse(address.url()));
        assertThat(address).isEqualTo(PostgresAddress.parse(address.jdbcUrl()));
        assertThat(address.toString()).isEqualTo("me@db.example:6432/orders");
    }

    static List<String> urls() {
        return List.of(
                "postgresql://me:p%2Bw%2F%20%25@db.example:6432/orders",
                "postgres://me:p+w%2F%20%25@db.example:6432/orders?sslmode=require",
                "jdbc:postgresql://db.example:6432/orders?user=me&sslmode=require&password=p%2Bw%2F%20%25");
    }

    private static List<ProcessHandle> alive(List<ProcessHandle> processes) {
        return processes.stream()
                .filter(process -> !PostmasterProcess.isGone(process))
                .toList();
    }
}
