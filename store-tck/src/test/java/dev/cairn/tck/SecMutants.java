// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.state.Bytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.util.List;
import java.util.Optional;

/** Stores that take data for something else, or one namespace for another. */
final class SecMutants {
    private SecMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.core(
                        "SEC-01",
                        "takes a prefix for a regular expression",
                        "spi/RunQuery.java",
                        "&& head.runId().startsWith(prefix);",
                        "&& (prefix.isEmpty() || head.runId().matches(prefix));"),
                Mutant.sqlite(
                        "SEC-01",
                        "takes a run id for a pattern",
                        "SqliteHeads.java",
                        "WHERE namespace = :namespace AND run_id = :run\n            \"\"\";\n\n    Optional<Head> find(",
                        "WHERE namespace = :namespace AND run_id LIKE :run\n            \"\"\";\n\n    Optional<Head> find("),
                Mutant.sqlite(
                        "SEC-01",
                        "builds the JSON of labels by hand",
                        "SqliteHeads.java",
                        "                                JSON.writeValueAsString(head.labels().all()))",
                        "                                JSON.writeValueAsString(head.labels().all()).replace(\"$\", \"\"))"),
                Mutant.core(
                        "SEC-02",
                        "takes namespaces that differ by case for one",
                        "memory/Storage.java",
                        "namespaces.computeIfAbsent(namespace, n",
                        "namespaces.computeIfAbsent(namespace.toLowerCase(java.util.Locale.ROOT), n"),
                Mutant.sqlite(
                        "SEC-02",
                        "deletes: the namespace, in a listing",
                        "SqliteHeads.java",
                        "            WHERE namespace = :namespace\n                AND created",
                        "            WHERE (namespace = :namespace OR 1)\n                AND created"),
                Mutant.sqlite(
                        "SEC-02",
                        "deletes: the namespace, in a cleared cache",
                        "SqliteCache.java",
                        "\"DELETE FROM cairn_cache WHERE namespace = :namespace AND scope = :scope\"",
                        "\"DELETE FROM cairn_cache WHERE :namespace > '' AND scope = :scope\""),
                Mutant.core(
                        "SEC-03",
                        "deletes: the check of a namespace",
                        "spi/StoreOptions.java",
                        "namespace = Names.check(\"namespace\", value);",
                        "namespace = value;"),
                Mutant.sqlite(
                        "SEC-03",
                        "keeps only the letters of a namespace",
                        "SqliteStateStore.java",
                        "new SqliteHeads(options.namespace())",
                        "new SqliteHeads(options.namespace().replaceAll(\"[^A-Za-z0-9]\", \"\"))"),
                Mutant.store("SEC-04", "tries Java's serialisation on what it reads", store -> new Wrong(store) {
                    @Override
                    public Optional<Page> read(Read request) {
                        Optional<Page> page = super.read(request);
                        page.ifPresent(p -> p.entries().forEach(entry -> tried(entry.body())));
                        return page;
                    }

                    private static void tried(Bytes body) {
                        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(body.toArray()))) {
                            in.readObject();
                        } catch (IOException | ClassNotFoundException e) {
                            // not an object
                        }
                    }
                }),
                Mutant.core(
                        "SEC-04",
                        "makes an instance of the class that a failure names",
                        "internal/RecordJson.java",
                        "case \"type\" -> type = in.text();",
                        "case \"type\" -> { type = in.text(); try { var made = Class.forName(type)"
                                + ".getDeclaredConstructor(); made.setAccessible(true); made.newInstance(); }"
                                + " catch (ReflectiveOperationException e) { type = type + \"\"; } }"));
    }
}
