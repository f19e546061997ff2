// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

import dev.cairn.error.SchemaTooNewException;
import dev.cairn.error.StorageUnusableException;
import dev.cairn.spi.OnWeak;
import dev.cairn.spi.SchemaMode;
import dev.cairn.spi.StoreOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tables: whether the file may have them, whether they are there, and how they are made. */
final class SqliteSchema {
    /** What this version writes, and the newest minimum reader that it is. */
    static final int VERSION = 1;

    private static final Logger LOG = LoggerFactory.getLogger(SqliteSchema.class);
    private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
    private static final Pattern OBJECT =
            Pattern.compile("^CREATE (?:TABLE|INDEX|VIEW) IF NOT EXISTS (\\w+)", Pattern.MULTILINE);

    private final String file;
    private final SchemaMode mode;
    private final String ddl;

    SqliteSchema(String file, SchemaMode mode) {
        this.file = file;
        this.mode = mode;
        this.ddl = resource();
    }

    /** The file, for messages. */
    String file() {
        return file;
    }

    private static String resource() {
        try (InputStream in = SqliteSchema.class.getResourceAsStream("schema.sql")) {
            if (in == null) {
                throw new AssertionError("schema.sql is missing in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new StorageUnusableException("schema.sql cannot be read from the jar", e);
        }
    }

    /** Looks at a file before anything opens it: what cannot be a store is refused with nothing written or created. */
    void checkFile(Path path) {
        Path folder = path.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw refuse("its folder " + folder + " does not exist; create the folder, or correct the path");
        }
        if (Files.isDirectory(path)) {
            throw refuse("it is a folder; name a file in it");
        }
        if (!Files.exists(path)) {
            if (mode == SchemaMode.VERIFY) {
                throw refuse(
                        "it does not exist, and SchemaMode.VERIFY creates nothing; open it once with SchemaMode.APPLY");
            }
            return;
        }
        if (!Files.isReadable(path) || !Files.isWritable(path)) {
            throw refuse("it is read-only for this process; let it read and write the file");
        }
        checkMagic(path);
    }

    private void checkMagic(Path path) {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] head = in.readNBytes(MAGIC.length);
            if (head.length > 0 && !Arrays.equals(head, MAGIC)) {
                throw refuse("it is not an SQLite database; name another file");
            }
        } catch (IOException e) {
            throw new StorageUnusableException("SQLite file " + file + ": it cannot be read", e);
        }
    }

    private StorageUnusableException refuse(String why) {
        return new StorageUnusableException("SQLite file " + file + ": " + why);
    }

    private static final String META =
            "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'cairn_meta'";
    private static final String MINIMUM_READER = "SELECT minimum_reader FROM cairn_meta";
    private static final String SCHEMA_VERSION = "SELECT schema_version FROM cairn_meta";

    /** Looks at a database without writing: refuses one that is newer than this version can read, or that lacks an object. */
    void check(SqliteSession session) throws SQLException {
        String encoding = session.text("PRAGMA encoding");
        if (!encoding.equals("UTF-8")) {
            throw refuse("it keeps text as " + encoding + ", which orders ids differently; use a file of its own");
        }
        if (stored(session, MINIMUM_READER) > VERSION) {
            throw new SchemaTooNewException("SQLite file " + file + " asks for a reader of schema version "
                    + stored(session, MINIMUM_READER) + ", this one reads up to " + VERSION
                    + "; use the Cairn that wrote it, or a newer one. Nothing was written");
        }
        List<String> missing = missing(session);
        if (mode == SchemaMode.VERIFY && !missing.isEmpty()) {
            throw refuse(String.join(", ", missing)
                    + " missing, and SchemaMode.VERIFY creates nothing; open it once with SchemaMode.APPLY");
        }
    }

    private static long stored(SqliteSession session, String sql) throws SQLException {
        return session.number(META) == 0 ? 0 : session.number(sql);
    }

    /** The objects that are not there; none where the schema is newer and yet may be read. */
    private List<String> missing(SqliteSession session) throws SQLException {
        if (stored(session, SCHEMA_VERSION) > VERSION) {
            return List.of();
        }
        List<String> present = session.rows("SELECT name FROM sqlite_schema", row -> row.getString(1));
        return OBJECT.matcher(ddl)
                .results()
                .map(found -> found.group(1))
                .filter(name -> !present.contains(name))
                .toList();
    }

    /** Makes the database ready and says what is weak about it. */
    void setUp(SqliteConnections connections, StoreOptions options) {
        if (mode == SchemaMode.APPLY) {
            connections.outsideTransactions(session -> session.text("PRAGMA journal_mode = WAL"));
            boolean complete =
                    connections.outsideTransactions(session -> missing(session).isEmpty());
            if (!complete && connections.write(this::apply, SqliteConnections.PATIENCE)) {
                LOG.info("SQLite file {}: schema version {} applied", file, VERSION);
            }
        }
        // A writer that was killed before its sync may have left a commit that recovery has just made visible: a
        // checkpoint syncs it before anybody is told that it is there (STEP-02).
        connections.outsideTransactions(session -> session.text("PRAGMA wal_checkpoint(PASSIVE)"));
        List<String> warnings = connections
                .outsideTransactions(session -> SqliteFacts.read(session, options))
                .warnings();
        if (!warnings.isEmpty() && options.onWeak() == OnWeak.REFUSE) {
            throw refuse(String.join("; ", warnings));
        }
        warnings.forEach(warning -> LOG.warn("SQLite file {}: {}", file, warning));
    }

    /** Makes what is missing, in the caller's write transaction: of two that start at once the second finds it made. */
    private boolean apply(SqliteSession session) throws SQLException {
        check(session);
        if (missing(session).isEmpty()) {
            return false;
        }
        session.script(ddl);
        return true;
    }
}
