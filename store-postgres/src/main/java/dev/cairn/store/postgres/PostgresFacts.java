// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import dev.cairn.spi.Ability;
import dev.cairn.spi.Facts;
import dev.cairn.spi.StoreOptions;
import dev.cairn.spi.Tier;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the store says of itself, from the live server, as it is for the connections that the pool gives. */
final class PostgresFacts {
    /** The oldest server that is tested. */
    static final int OLDEST_VERSION = 150_000;

    private static final int ENTRY_BYTES = 4 << 20;
    private static final int BATCH_ENTRIES = 512;

    private PostgresFacts() {}

    static Facts.Limits limits(StoreOptions options) {
        return new Facts.Limits(options.payloadLimit(), ENTRY_BYTES, BATCH_ENTRIES, PostgresConnections.LANES, 0);
    }

    private static final List<String> SETTINGS = List.of(
            "server_version",
            "server_version_num",
            "server_encoding",
            "fsync",
            "full_page_writes",
            "synchronous_commit",
            "synchronous_standby_names",
            "client_min_messages",
            "max_connections",
            "transaction_read_only");

    private static final String ASK = "select pg_backend_pid() as pid, pg_is_in_recovery() as standby, "
            + String.join(
                    ", ",
                    SETTINGS.stream()
                            .map(name -> "current_setting('" + name + "') as " + name)
                            .toList());

    /** The settings by name, and who answered. */
    record Server(SortedMap<String, String> settings, int backend, boolean standby) {
        String get(String name) {
            return settings.getOrDefault(name, "");
        }

        int version() {
            return Integer.parseInt(get("server_version_num"));
        }
    }

    static Server ask(PostgresSession session) {
        return session.request(
                ASK,
                query -> query,
                results -> results.row(row -> {
                            SortedMap<String, String> settings = new TreeMap<>();
                            for (String name : SETTINGS) {
                                settings.put(name, row.getString(name));
                            }
                            return new Server(settings, row.getInt("pid"), row.getBoolean("standby"));
                        })
                        .orElseThrow());
    }

    static Facts of(Server server, boolean pooled, StoreOptions options) {
        List<String> warnings = new ArrayList<>();
        Tier tier = tier(server);
        if (tier.compareTo(options.tier()) < 0) {
            warnings.addAll(weak(server, options.tier()));
        }
        boolean waits = !server.get("synchronous_standby_names").isEmpty();
        if (waits && List.of("error", "fatal", "panic").contains(server.get("client_min_messages"))) {
            warnings.add("client_min_messages is " + server.get("client_min_messages")
                    + ", which hides that a wait for the standby was cancelled; set client_min_messages=warning");
        }
        SortedMap<String, String> settings = new TreeMap<>(server.settings());
        settings.put("pooler", pooled ? "yes" : "no");
        return new Facts(
                "PostgreSQL " + server.get("server_version"),
                Facts.Nature.NETWORKED,
                tier,
                limits(options),
                options.fenceTime(),
                Set.of(Ability.STEP_CACHE),
                settings,
                warnings);
    }

    /**
     * A commit that is not flushed ({@code synchronous_commit=off}) may be lost with the server process. Without fsync, or
     * with pages that may be torn, it outlives that, and not the loss of power. Only {@code on} and {@code remote_apply} wait
     * until the standby has flushed it.
     */
    private static Tier tier(Server server) {
        if (server.get("synchronous_commit").equals("off")) {
            return Tier.CLIENT_CRASH;
        }
        if (!server.get("fsync").equals("on") || !server.get("full_page_writes").equals("on")) {
            return Tier.SERVER_CRASH;
        }
        boolean remote = List.of("on", "remote_apply").contains(server.get("synchronous_commit"));
        return remote && !server.get("synchronous_standby_names").isEmpty() ? Tier.NODE_LOSS : Tier.POWER_LOSS;
    }

    /** What is to be changed, each with the exact setting. */
    private static List<String> weak(Server server, Tier asked) {
        List<String> warnings = new ArrayList<>();
        String commit = server.get("synchronous_commit");
        if (commit.equals("off")) {
            warnings.add(
                    "synchronous_commit is off, so that the end of the server process may take acknowledged writes;"
                            + " set synchronous_commit=on for this role or database");
        }
        if (asked.compareTo(Tier.POWER_LOSS) >= 0 && !server.get("fsync").equals("on")) {
            warnings.add("fsync is off, so that a loss of power may take or damage anything; set fsync=on");
        }
        if (asked.compareTo(Tier.POWER_LOSS) >= 0
                && !server.get("full_page_writes").equals("on")) {
            warnings.add(
                    "full_page_writes is off, so that a loss of power may leave torn pages; set full_page_writes=on");
        }
        if (asked == Tier.NODE_LOSS && server.get("synchronous_standby_names").isEmpty()) {
            warnings.add("no commit waits for a standby, so that a failover may take acknowledged writes; set"
                    + " synchronous_standby_names, such as ANY 1 (*)");
        }
        if (asked == Tier.NODE_LOSS && List.of("local", "remote_write").contains(commit)) {
            warnings.add("synchronous_commit is " + commit.toLowerCase(Locale.ROOT)
                    + ", so that a standby that is promoted may lack acknowledged writes; set synchronous_commit=on");
        }
        return warnings;
    }
}
