// SPDX-License-Identifier: Apache-2.0
package dev.cairn.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL on this machine that was started here, with a data folder of its own. */
final class LocalPostgres {
    private static final String ADMIN = "postgres";
    private static final String NAME = "cairn";
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final Duration PORT_PAUSE = Duration.ofMillis(200);
    private static final int PORT_ATTEMPTS = 20;
    private static final int PASSWORD_BITS = 128;

    private final PostgresBinaries binaries;
    private final ServerFolder folder;
    private final Map<String, String> settings;
    private final String adminPassword;
    private final String password;
    private final List<String> standbys = new ArrayList<>();
    private int port = Ports.free();
    private @Nullable PostmasterProcess postmaster;

    private LocalPostgres(
            PostgresBinaries binaries, Map<String, String> settings, String adminPassword, String password) {
        this.binaries = binaries;
        this.folder = ServerFolder.create("postgres");
        this.settings = Map.copyOf(settings);
        this.adminPassword = adminPassword;
        this.password = password;
    }

    /** Makes the data folder, starts the server and makes the role and the database {@code cairn}. */
    static LocalPostgres start(PostgresBinaries binaries, Map<String, String> settings) {
        LocalPostgres server = new LocalPostgres(binaries, settings, newPassword(), newPassword());
        try {
            server.makeData();
            server.launchSomewhere();
            server.makeDatabase();
            Durability.check(server.address(), settings.keySet());
            return server;
        } catch (RuntimeException e) {
            server.folder.end();
            throw e;
        }
    }

    /** The ordinary role that owns the database. */
    PostgresAddress address() {
        return new PostgresAddress(port, NAME, password, NAME);
    }

    /** The superuser, in the same database. */
    PostgresAddress admin() {
        return new PostgresAddress(port, ADMIN, adminPassword, NAME);
    }

    /** The folder that goes with it. */
    Path folder() {
        return folder.path();
    }

    /** The processes of the server, the postmaster first. */
    synchronized List<ProcessHandle> processes() {
        return postmaster == null ? List.of() : postmaster.all();
    }

    synchronized void kill() {
        running().kill();
        postmaster = null;
        awaitFreePort();
    }

    synchronized void stop() {
        running().stop(STOP_LIMIT);
        postmaster = null;
        awaitFreePort();
    }

    synchronized void restart() {
        if (postmaster != null) {
            throw new IllegalStateException("the server on port " + port + " runs");
        }
        for (int attempt = 0; !launch(); attempt++) {
            if (attempt == PORT_ATTEMPTS) {
                throw new IllegalStateException("port " + port + " was taken while the server was down");
            }
            Waiting.pause(PORT_PAUSE);
        }
        Durability.check(address(), settings.keySet());
    }

    /** Copies this one while it runs and starts the copy; from then on a commit here waits for the copy. */
    synchronized LocalPostgres standby() {
        running();
        LocalPostgres standby = new LocalPostgres(binaries, settings, adminPassword, password);
        try {
            // Underscores: it names the slot and stands in synchronous_standby_names without quotes.
            String name = "standby_" + standby.port;
            BaseBackup.copy(admin(), name, data(), standby.data());
            standby.follow(name, port);
            standby.launchSomewhere();
            standbys.add(name);
            waitForStandbys();
            return standby;
        } catch (RuntimeException e) {
            standby.folder.end();
            throw e;
        }
    }

    synchronized void promote() {
        // It was copied from a server that may have waited for standbys; it has none.
        admin().tell("ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()");
        if (!admin().ask("SELECT pg_promote(true, " + START_LIMIT.toSeconds() + ")").equals("t")) {
            throw new IllegalStateException("the standby on port " + port + " was not promoted:\n" + folder.logTail());
        }
    }

    /** Ends it at once, and removes the folder. */
    synchronized void end() {
        folder.end();
        postmaster = null;
    }

    private PostmasterProcess running() {
        if (postmaster == null) {
            throw new IllegalStateException("the server on port " + port + " does not run");
        }
        return postmaster;
    }

    private Path data() {
        return folder.path().resolve("data");
    }

    private void makeData() {
        Path file = folder.write("password", adminPassword);
        List<String> initdb = new ArrayList<>(List.of(binaries.initdb(), "--pgdata=" + data(), "--no-sync"));
        initdb.addAll(List.of("--username=" + ADMIN, "--pwfile=" + file, "--auth=scram-sha-256"));
        // A collation that is not the order of the bytes, as most databases have: a store that forgets it is found.
        initdb.addAll(List.of("--encoding=UTF8", "--locale=C", "--locale-provider=icu", "--icu-locale=en-US"));
        Command.run(Account.ofServers().command(initdb));
        Map<String, String> all = new TreeMap<>();
        Durability.SETTINGS.forEach(setting -> all.put(setting, "on"));
        all.put("listen_addresses", Ports.HOST);
        all.put("unix_socket_directories", "");
        all.put("max_connections", "200");
        all.put("wal_retrieve_retry_interval", "100ms"); // a standby that waits 5 s keeps a test waiting
        // Shared memory in the data folder, so that a killed server leaves none behind.
        all.put("dynamic_shared_memory_type", "mmap");
        all.put("min_dynamic_shared_memory", "16MB");
        settings.forEach((setting, value) -> all.put(setting.toLowerCase(Locale.ROOT), value));
        configure(all);
    }

    private void configure(Map<String, String> values) {
        StringBuilder lines = new StringBuilder();
        values.forEach((setting, value) -> {
            if (!setting.matches("[a-z_][a-z0-9_.]*")) {
                throw new IllegalArgumentException("not a setting of PostgreSQL: " + setting);
            }
            String quoted = value.replace("\\", "\\\\").replace("'", "''");
            lines.append(setting).append(" = '").append(quoted).append("'\n");
        });
        Path file = data().resolve("postgresql.conf");
        try {
            Files.writeString(file, lines, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private void makeDatabase() {
        // An ordinary role: a store must need no superuser. CREATEROLE is for the tests of roles and rights.
        admin().withDatabase(ADMIN).tell(
                "CREATE ROLE " + NAME + " LOGIN CREATEDB CREATEROLE PASSWORD '" + password + "'",
                "GRANT pg_monitor TO " + NAME,
                "CREATE DATABASE " + NAME + " OWNER " + NAME);
    }

    private void follow(String name, int primary) {
        String login = "host=" + Ports.HOST + " port=" + primary + " user=" + ADMIN + " password=" + adminPassword;
        configure(Map.of("primary_conninfo", login + " application_name=" + name, "primary_slot_name", name));
        folder.write("data/standby.signal", "");
    }

    private void waitForStandbys() {
        String names = standbys.size() + " (" + String.join(", ", standbys) + ")";
        admin().tell(
                        "ALTER SYSTEM SET synchronous_standby_names = '" + names + "'",
                        "SELECT pg_reload_conf()");
        String synchronous = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'";
        boolean done = Waiting.until(
                START_LIMIT,
                () -> admin().ask(synchronous).equals(Integer.toString(standbys.size()))
                        && admin().ask("SHOW synchronous_standby_names").equals(names));
        if (!done) {
            throw new IllegalStateException("the standbys of port " + port + " did not follow: " + standbys);
        }
    }

    private void launchSomewhere() {
        for (int attempt = 0; !launch(); attempt++) {
            if (attempt == PORT_ATTEMPTS) {
                throw new IllegalStateException("no free port in " + PORT_ATTEMPTS + " attempts:\n" + folder.logTail());
            }
            port = Ports.free();
        }
    }

    /** Returns when it answers, or returns false if the port is taken. */
    private boolean launch() {
        PostmasterProcess started = new PostmasterProcess(data());
        started.forget();
        folder.forgetLog();
        Process process = folder.start(List.of(binaries.postgres(), "-D", data().toString(), "-p", "" + port));
        boolean answered = Waiting.until(START_LIMIT, () -> !process.isAlive() || started.isReady());
        if (answered && process.isAlive()) {
            postmaster = started;
            admin().withDatabase(ADMIN).ask("SELECT 1");
            return true;
        }
        String log = folder.logTail();
        if (log.contains("Address already in use")) {
            return false;
        }
        throw new IllegalStateException("PostgreSQL did not start on port " + port + ":\n" + log);
    }

    private void awaitFreePort() {
        if (!Waiting.until(STOP_LIMIT, () -> Ports.isFree(port))) {
            throw new IllegalStateException("the server has ended, and port " + port + " is still taken");
        }
    }

    private static String newPassword() {
        return new BigInteger(PASSWORD_BITS, new SecureRandom()).toString(16);
    }
}
