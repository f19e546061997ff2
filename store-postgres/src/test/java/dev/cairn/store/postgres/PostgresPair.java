// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import dev.cairn.servers.PostgresServer;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.Tier;
import dev.cairn.tck.StoreEnv;
import dev.cairn.tck.StoreStandby;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import org.postgresql.ds.PGSimpleDataSource;

/** A primary and its synchronous standby. A store for which that is too much does not wait for the standby. */
final class PostgresPair implements StoreStandby {
    private final PostgresServer primary;
    private final PostgresServer standby;
    private Optional<Impatience> held = Optional.empty();

    private PostgresPair(PostgresServer primary, PostgresServer standby) {
        this.primary = primary;
        this.standby = standby;
    }

    static PostgresPair start(PostgresServer.Kind kind) {
        PostgresServer primary = PostgresServer.start(kind, Map.of());
        try {
            return new PostgresPair(primary, primary.standby());
        } catch (RuntimeException e) {
            primary.close();
            throw e;
        }
    }

    @Override
    public StateStore open(StoreEnv env) {
        if (env.options().tier() == Tier.NODE_LOSS) {
            String hosts = primary.host() + ":" + primary.port() + "," + standby.host() + ":" + standby.port();
            return PostgresHarness.open(primary, hosts, "&targetServerType=primary&connectTimeout=2", env);
        }
        return PostgresStateStore.builder(impatient())
                .options(env.options())
                .schemaName(env.storage())
                .open();
    }

    /** Connections on which a commit does not wait for the standby. */
    private PGSimpleDataSource impatient() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {primary.host(), standby.host()});
        source.setPortNumbers(new int[] {primary.port(), standby.port()});
        source.setDatabaseName(primary.database());
        source.setUser(primary.user());
        source.setPassword(primary.password());
        source.setTargetServerType("primary");
        source.setConnectTimeout(2);
        source.setOptions("-c synchronous_commit=local");
        return source;
    }

    @Override
    public void holdBack() {
        standby.stop();
        held = Optional.of(new Impatience(primary.adminJdbcUrl()));
    }

    @Override
    public void letGo() {
        held.ifPresent(Impatience::close);
        held = Optional.empty();
        standby.restart();
    }

    @Override
    public void failOver() {
        boolean isDown = held.isPresent();
        held.ifPresent(Impatience::close);
        held = Optional.empty();
        primary.kill();
        if (isDown) {
            standby.restart();
        }
        standby.promote();
    }

    @Override
    public void close() {
        held.ifPresent(Impatience::close);
        standby.close();
        primary.close();
    }

    /** An operator who cuts off, until told to stop, whatever waits for the standby. */
    private static final class Impatience implements AutoCloseable {
        private static final String CANCEL =
                "select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'";

        private final Thread thread = new Thread(this::cancel, "impatience");
        private final String admin;
        private volatile boolean ended;

        Impatience(String admin) {
            this.admin = admin;
            thread.setDaemon(true);
            thread.start();
        }

        private void cancel() {
            try (Connection connection = DriverManager.getConnection(admin);
                    Statement statement = connection.createStatement()) {
                while (!ended) {
                    statement.execute(CANCEL);
                    Thread.sleep(5);
                }
            } catch (SQLException e) {
                throw new IllegalStateException("cannot cancel what waits for the standby", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            ended = true;
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
