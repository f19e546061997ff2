// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.StoreUnavailableException;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.state.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Mutants of SCHEMA. */
final class SchemaMutants {
    private SchemaMutants() {}

    static List<Mutant> all() {
        AtomicInteger opening = new AtomicInteger();
        return List.of(
                Mutant.sqlite("SCHEMA-01", "setup again begins anew", "SqliteSchema.java", """
                        connections.outsideTransactions(session -> session.text("PRAGMA journal_mode = WAL"));""", """
                        connections.outsideTransactions(session -> {
                            session.text("PRAGMA journal_mode = WAL");
                            if (missing(session).isEmpty()) {
                                session.update("DELETE FROM cairn_message");
                            }
                            return session;
                        });"""),
                Mutant.sqlite(
                        "SCHEMA-01",
                        "setup removes tables that are not its own",
                        "SqliteSchema.java",
                        "session.script(ddl);",
                        "session.script(ddl); session.script(\"DROP TABLE IF EXISTS team_orders\");"),
                Mutant.store("SCHEMA-02", "one that starts while another does is turned away", store -> {
                    if (opening.getAndIncrement() > 0) {
                        throw new StoreUnavailableException("somebody else is setting it up");
                    }
                    LockSupport.parkNanos(100_000_000);
                    opening.set(0);
                    return store;
                }),
                Mutant.sqlite(
                        "SCHEMA-03",
                        "deletes: the transaction of the setup",
                        "SqliteSchema.java",
                        "connections.write(this::apply, SqliteConnections.PATIENCE)",
                        "connections.outsideTransactions(s -> { if (s.number(META) > 0) { return false; }"
                                + " for (String one : ddl.split(\";\\\\s*\\n\")) { s.script(one); } return true; })"),
                Mutant.sqlite(
                        "SCHEMA-05",
                        "deletes: the least reader",
                        "SqliteSchema.java",
                        "stored(session, MINIMUM_READER) > VERSION",
                        "stored(session, MINIMUM_READER) < 0"),
                Mutant.sqlite(
                        "SCHEMA-05",
                        "refuses whatever is newer",
                        "SqliteSchema.java",
                        "stored(session, MINIMUM_READER) > VERSION",
                        "stored(session, SCHEMA_VERSION) > VERSION"),
                Mutant.sqlite(
                        "SCHEMA-05",
                        "writes down that it was there, and then refuses",
                        "SqliteSchema.java",
                        "throw new SchemaTooNewException(",
                        "session.script(\"UPDATE cairn_meta SET schema_version = schema_version\");"
                                + " throw new SchemaTooNewException("),
                Mutant.sqlite(
                        "SCHEMA-07",
                        "deletes: the mode",
                        "SqliteSchema.java",
                        "if (mode == SchemaMode.VERIFY && !missing.isEmpty()) {",
                        "if (mode == SchemaMode.VERIFY && missing.size() > 1000) {"),
                Mutant.sqlite(
                        "SCHEMA-07",
                        "names none of what is missing",
                        "SqliteSchema.java",
                        "String.join(\", \", missing)",
                        "\"tables\""),
                Mutant.sqlite(
                        "SCHEMA-07",
                        "makes what is there already once more",
                        "SqliteSchema.java",
                        "List<String> missing = missing(session);",
                        "List<String> missing = missing(session); if (missing.isEmpty()) { session.script(ddl); }"),
                Mutant.core(
                        "SCHEMA-06",
                        "deletes: the format of an entry",
                        "spi/EntryCodec.java",
                        "if (format != FORMAT) {",
                        "if (format < -1) {"),
                Mutant.core(
                        "SCHEMA-06",
                        "takes an unknown type of entry for an empty one",
                        "spi/EntryCodec.java",
                        "default -> throw unknown(\"type \\\"\" + type + \"\\\"\");",
                        "default -> new EntryBody.Steps(List.of());"),
                Mutant.store("SCHEMA-06", "hands over nothing of what it does not know", store -> new Wrong(store) {
                    @Override
                    public Optional<Page> read(Read request) {
                        return super.read(request)
                                .map(page -> new Page(
                                        page.head(),
                                        page.storeTime(),
                                        page.entries().stream().map(this::known).toList(),
                                        page.messages(),
                                        page.next()));
                    }

                    private Entry known(Entry entry) {
                        return entry.body().asUtf8().startsWith("{\"cairn\":1,")
                                ? entry
                                : Entry.of(entry.lease(), entry.place(), entry.kind(), entry.commitId(), Bytes.empty());
                    }
                }));
    }
}
