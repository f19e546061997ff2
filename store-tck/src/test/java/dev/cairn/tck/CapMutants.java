// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Ability;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Facts;
import dev.cairn.state.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Mutants of CAP. */
final class CapMutants {
    private CapMutants() {}

    private static Facts with(Facts facts, Set<Ability> abilities) {
        return new Facts(
                facts.product(),
                facts.nature(),
                facts.tier(),
                facts.limits(),
                facts.fenceTime(),
                abilities,
                facts.settings(),
                facts.warnings());
    }

    static List<Mutant> all() {
        return List.of(
                Mutant.store("CAP-01", "does not name what it can do", store -> new Wrong(store) {
                    @Override
                    public Facts facts() {
                        return with(super.facts(), Set.of());
                    }
                }),
                Mutant.store("CAP-01", "declares a step cache that keeps nothing", store -> new Wrong(store) {
                    @Override
                    public Optional<Bytes> cacheGet(CacheKey key) {
                        return Optional.empty();
                    }
                }),
                Mutant.store("CAP-02", "names an ability that it does not have", store -> new Wrong(store) {
                    @Override
                    public Facts facts() {
                        return with(super.facts(), Set.of(Ability.values()));
                    }
                }),
                Mutant.store("CAP-02", "writes nothing and says it did", store -> new Wrong(store) {
                    @Override
                    public List<Appended> append(List<Entry> entries) {
                        return entries.stream()
                                .<Appended>map(entry -> new Appended.Written())
                                .toList();
                    }
                }),
                Mutant.core(
                        "CAP-03",
                        "deletes: the limit of a signal's payload",
                        "spi/Facts.java",
                        "checkSize(\"the signal\", runId, message.payload(), payloadBytes);",
                        ""),
                Mutant.core(
                        "CAP-03",
                        "an entry at the limit is too large",
                        "spi/Facts.java",
                        "entry.body(), entryBytes);",
                        "entry.body(), entryBytes - 1);"),
                Mutant.core(
                        "CAP-03",
                        "deletes: the limit of a batch",
                        "spi/Facts.java",
                        "entries.size() > batchEntries",
                        "entries.isEmpty()"),
                Mutant.sqlite(
                        "CAP-03",
                        "declares fewer entries of a batch than it takes",
                        "SqliteFacts.java",
                        "                limits(options),\n",
                        "                new Facts.Limits(options.payloadLimit(), ENTRY_BYTES, 400, 1, 0),\n"));
    }
}
