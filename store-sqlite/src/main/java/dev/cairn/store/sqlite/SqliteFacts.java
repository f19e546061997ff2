// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

import dev.cairn.spi.Ability;
import dev.cairn.spi.Facts;
import dev.cairn.spi.StoreOptions;
import dev.cairn.spi.Tier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the store says of itself, from the connection that writes. */
final class SqliteFacts {
    static final int ENTRY_BYTES = 4 << 20;

    private static final int BATCH_ENTRIES = 512;

    private static final List<String> SYNCHRONOUS = List.of("OFF", "NORMAL", "FULL", "EXTRA");
    private static final List<String> NETWORKED =
            List.of("nfs", "cifs", "smb", "9p", "afs", "fuse.sshfs", "ceph", "lustre");

    private SqliteFacts() {}

    static Facts.Limits limits(StoreOptions options) {
        return new Facts.Limits(options.payloadLimit(), ENTRY_BYTES, BATCH_ENTRIES, 1, 0);
    }

    static Facts read(SqliteSession session, StoreOptions options) throws SQLException {
        SortedMap<String, String> settings = new TreeMap<>();
        settings.put("journal_mode", session.text("PRAGMA journal_mode").toUpperCase(Locale.ROOT));
        settings.put("synchronous", SYNCHRONOUS.get((int) session.number("PRAGMA synchronous")));
        settings.put("file_system", fileSystem(session.file()));
        List<String> warnings = new ArrayList<>();
        Tier tier = tier(settings, warnings);
        if (isNetworked(settings.get("file_system"))) {
            tier = Tier.CLIENT_CRASH;
            warnings.add(
                    "the file system is " + settings.get("file_system") + ", over a network, where SQLite's locks and"
                            + " its shared memory do not hold; put the database on a local disk");
        }
        if (tier.compareTo(options.tier()) < 0 && warnings.isEmpty()) {
            warnings.add("the tier asked for is " + options.tier() + ", and a file on one host survives no more than "
                    + tier + "; set tier=power-loss, or use a server with a synchronous standby");
        }
        return new Facts(
                "SQLite " + session.text("SELECT sqlite_version()"),
                Facts.Nature.EMBEDDED,
                tier,
                limits(options),
                options.fenceTime(),
                Set.of(Ability.STEP_CACHE),
                settings,
                warnings);
    }

    /** In WAL mode, FULL syncs every commit; NORMAL does not, and without WAL a commit may be undone by a power loss. */
    private static Tier tier(SortedMap<String, String> settings, List<String> warnings) {
        boolean wal = "WAL".equals(settings.get("journal_mode"));
        String synchronous = settings.get("synchronous");
        boolean full = "FULL".equals(synchronous) || "EXTRA".equals(synchronous);
        if (!full) {
            warnings.add(
                    "PRAGMA synchronous is " + synchronous + ", so that a loss of power may take acknowledged writes;"
                            + " set PRAGMA synchronous=FULL on every connection of the DataSource");
        }
        if (!wal) {
            warnings.add("PRAGMA journal_mode is " + settings.get("journal_mode")
                    + ", so that readers and writers wait for" + " each other; set PRAGMA journal_mode=WAL once");
        }
        if ("OFF".equals(synchronous)) {
            return Tier.CLIENT_CRASH;
        }
        return wal && full ? Tier.POWER_LOSS : Tier.SERVER_CRASH;
    }

    private static String fileSystem(Path database) {
        try {
            return Files.getFileStore(database).type();
        } catch (IOException e) {
            return "unknown";
        }
    }

    static boolean isNetworked(String fileSystem) {
        return NETWORKED.stream().anyMatch(fileSystem.toLowerCase(Locale.ROOT)::startsWith);
    }
}
