// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import java.util.regex.Pattern;

/**
 * Writes statements for one schema. In their text {@code @head}, {@code @entry}, {@code @message}, {@code @cache},
 * {@code @scope} and {@code @meta} are tables, {@code @now} is the server's clock in whole milliseconds at the moment it
 * is asked, {@code @journal(h)} is the key of the journal of a row h with namespace, run and incarnation, and {@code
 * @fold(x)} is what a number adds to a checksum.
 */
final class PostgresSql {
    /** A plain identifier: what PostgreSQL would not fold, cut or take for one of its own. */
    private static final Pattern SCHEMA = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

    private static final Pattern TABLE = Pattern.compile("@(head|entry|message|cache_scope|cache|meta)\\b");
    private static final Pattern JOURNAL = Pattern.compile("@journal\\((\\w+)\\)");
    private static final Pattern FOLD = Pattern.compile("@fold\\(([\\w.]+)\\)");

    // now() is the start of the transaction, before any wait for a lock.
    private static final String NOW = "floor(extract(epoch from clock_timestamp()) * 1000)::bigint";

    private final String schema;

    /**
     * @throws IllegalArgumentException if the name is not 1 to 63 lower-case letters, digits and underscores
     */
    PostgresSql(String schema) {
        if (!SCHEMA.matcher(schema).matches() || schema.startsWith("pg_")) {
            throw new IllegalArgumentException(
                    "the schema \"" + schema + "\" is not a name that needs no quotes; use 1 to 63 lower-case letters,"
                            + " digits and underscores, beginning with a letter or an underscore and not with pg_");
        }
        this.schema = schema;
    }

    String schema() {
        return schema;
    }

    /** The statement for this schema. The name is quoted, since a reserved word is a name too. */
    String of(String text) {
        String tables = TABLE.matcher(text).replaceAll("\"" + schema + "\".cairn_$1");
        String journals = JOURNAL.matcher(tables).replaceAll(JournalKeys.SQL);
        return FOLD.matcher(journals)
                .replaceAll("(($1 # ($1 >> 32))::bit(32)::int)")
                .replace("@schema", "\"" + schema + "\"")
                .replace("@now", NOW);
    }

    /**
     * A request of several statements: one text from begin to commit, so that the driver sends it at once in every mode, as
     * one transaction whose isolation is this one whatever the connection's default is.
     */
    String transaction(String statements) {
        return of("begin isolation level read committed;\nselect set_config('lock_timeout', :bound, true) as _;\n"
                + statements + "commit");
    }

    /** A request that reads several results of one snapshot, and locks nothing. */
    String snapshot(String statements) {
        return of("begin isolation level repeatable read read only;\n" + statements + "commit");
    }
}
