// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import dev.cairn.error.SchemaTooNewException;
import dev.cairn.error.StorageUnusableException;
import dev.cairn.spi.SchemaMode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tables: whether they are there, whether they are of this version, and how they are made. */
final class PostgresSchema {
    /** What this version writes, and the newest minimum reader that it is. */
    static final int VERSION = 1;

    private static final Logger LOG = LoggerFactory.getLogger(PostgresSchema.class);

    /** Of the advisory lock under which tables are made: the letters of "cairn". */
    private static final long LOCK = 0x636169726eL;

    private static final int LOCK_MILLIS = 20_000;
    private static final Pattern OBJECT =
            Pattern.compile("create (?:table|index|view|or replace view)(?: if not exists)? (?:@schema\\.)?(\\w+)");

    private final PostgresSql sql;
    private final SchemaMode mode;
    private final List<String> statements;

    PostgresSchema(PostgresSql sql, SchemaMode mode) {
        this.sql = sql;
        this.mode = mode;
        this.statements = statements();
    }

    private static List<String> statements() {
        try (InputStream in = PostgresSchema.class.getResourceAsStream("schema.sql")) {
            if (in == null) {
                throw new AssertionError("schema.sql is missing in the jar");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8).replaceAll("(?m)^ *--.*\\n", "");
            return List.of(text.strip().split(";\\s*"));
        } catch (IOException e) {
            throw new StorageUnusableException("schema.sql cannot be read from the jar", e);
        }
    }

    /** Looks, and makes what is missing if it may; what is refused is unchanged. */
    void setUp(PostgresConnections connections) {
        List<String> missing = connections.read(this::check);
        if (missing.isEmpty()) {
            return;
        }
        if (mode == SchemaMode.VERIFY) {
            throw new StorageUnusableException(String.join(", ", missing)
                    + " missing in schema " + sql.schema()
                    + ", and SchemaMode.VERIFY creates nothing; open it once with SchemaMode.APPLY, or let an administrator"
                    + " run the statements of docs/operations.md");
        }
        connections.write(session -> {
            session.script(ddl());
            return true;
        });
        LOG.info("schema {}: version {} applied", sql.schema(), VERSION);
    }

    private static final String THERE = """
            select c.relname from pg_catalog.pg_class as c
            join pg_catalog.pg_namespace as n on n.oid = c.relnamespace where n.nspname = :schema
            """;

    private static final String VERSIONS = "select schema_version, minimum_reader from @meta";

    private record Versions(int schema, int reader) {}

    /** The objects that are not there; none where the schema is newer and yet may be read. */
    private List<String> check(PostgresSession session) {
        List<String> there = session.request(
                THERE, query -> query.bind("schema", sql.schema()), results -> results.rows(row -> row.getString(1)));
        if (there.contains("cairn_meta")) {
            Versions found = session.request(
                    sql.of(VERSIONS),
                    query -> query,
                    results -> results.row(row -> new Versions(row.getInt(1), row.getInt(2)))
                            .orElse(new Versions(0, 0)));
            if (found.reader() > VERSION) {
                throw new SchemaTooNewException("schema " + sql.schema() + " asks for a reader of schema version "
                        + found.reader() + ", this one reads up to " + VERSION
                        + "; use the Cairn that wrote it, or a newer one. Nothing was written");
            }
            if (found.schema() > VERSION) {
                return List.of();
            }
        }
        List<String> missing = new ArrayList<>();
        for (String statement : statements) {
            OBJECT.matcher(statement)
                    .results()
                    .map(found -> found.group(1))
                    .findFirst()
                    .ifPresent(missing::add);
        }
        missing.removeAll(there);
        return missing;
    }

    /**
     * All statements in one transaction, under a lock of the whole database: of two that start at once the second finds what
     * the first has made. A schema that is there is not created, since that takes a right of its own.
     */
    private String ddl() {
        StringBuilder text = new StringBuilder("begin isolation level read committed;\n")
                .append("select set_config('lock_timeout', '")
                .append(LOCK_MILLIS)
                .append("', true) as _;\n")
                .append("select pg_advisory_xact_lock(")
                .append(LOCK)
                .append(") as _;\n");
        for (String statement : statements) {
            text.append(
                            statement.startsWith("create schema")
                                    ? "do $$ begin if not exists (select from pg_catalog.pg_namespace where nspname = '"
                                            + sql.schema() + "') then " + statement + "; end if; end $$"
                                    : statement)
                    .append(";\n");
        }
        return sql.of(text.append("commit").toString());
    }
}
