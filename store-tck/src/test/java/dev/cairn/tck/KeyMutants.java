// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Message;
import dev.cairn.spi.Signalled;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.StepCacheStore.CacheKey;
import dev.cairn.state.Bytes;
import java.text.Normalizer;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Stores that take one key for another. */
final class KeyMutants {
    private KeyMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.sqlite(
                        "KEY-01",
                        "run ids are compared without case",
                        "SqliteHeads.java",
                        "FROM cairn_head WHERE namespace = :namespace AND run_id = :run\n",
                        "FROM cairn_head WHERE namespace = :namespace AND run_id = :run COLLATE NOCASE\n"),
                signalId("KEY-01", "signal ids are normalised", id -> Normalizer.normalize(id, Normalizer.Form.NFC)),
                Mutant.store(
                        "KEY-01",
                        "cache keys are trimmed",
                        store -> new OtherCacheKeys(
                                store,
                                key -> new CacheKey(key.scope(), key.key().strip()))),
                Mutant.sqlite(
                        "KEY-02",
                        "a prefix is a pattern",
                        "SqliteHeads.java",
                        "substr(run_id, 1, length(:prefix)) = :prefix",
                        "run_id LIKE :prefix || '%'"),
                Mutant.sqlite(
                        "KEY-02",
                        "a scope that is cleared is a pattern",
                        "SqliteCache.java",
                        "\"DELETE FROM cairn_cache WHERE namespace = :namespace AND scope = :scope\"",
                        "\"DELETE FROM cairn_cache WHERE namespace = :namespace AND scope LIKE :scope\""),
                Mutant.sqlite(
                        "KEY-03",
                        "namespace and run id are compared as one text",
                        "SqliteHeads.java",
                        "FROM cairn_head WHERE namespace = :namespace AND run_id = :run\n",
                        "FROM cairn_head WHERE namespace || '-' || run_id = :namespace || '-' || :run\n"),
                Mutant.store(
                        "KEY-03",
                        "scope and key are one text",
                        store -> new OtherCacheKeys(store, key -> new CacheKey("all", key.scope() + "/" + key.key()))),
                Mutant.core(
                        "KEY-04",
                        "the limit counts characters",
                        "state/Names.java",
                        "bytes += pair ? 4 : c < 0x80 ? 1 : c < 0x800 ? 2 : 3;",
                        "bytes += pair ? 2 : 1;"),
                Mutant.core(
                        "KEY-04",
                        "deletes: the check of the limit",
                        "state/Names.java",
                        "if (bytes > maxBytes)",
                        "if (false)"),
                signalId("KEY-04", "signal ids are cut", id -> id.substring(0, Math.min(id.length(), 254))),
                Mutant.core(
                        "KEY-05",
                        "deletes: the check of the run id of a signal",
                        "spi/Facts.java",
                        "            Names.check(\"run id\", runId);\n",
                        ""),
                Mutant.sqlite(
                        "KEY-05",
                        "deletes: the check of the scope that is cleared",
                        "SqliteStateStore.java",
                        "Names.check(\"cache scope\", scope);",
                        ""),
                Mutant.core(
                        "KEY-05",
                        "keys of control characters are keys",
                        "state/Names.java",
                        " && !Character.isISOControl(name.charAt(i))",
                        ""));
    }

    private static Mutant signalId(String clause, String wrong, UnaryOperator<String> stored) {
        return Mutant.store(clause, wrong, store -> new Wrong(store) {
            @Override
            public Signalled signal(String runId, Message message) {
                return super.signal(runId, new Message(stored.apply(message.id()), message.name(), message.payload()));
            }
        });
    }

    /** Keeps outcomes under other keys than it was given. */
    private static final class OtherCacheKeys extends Wrong {
        private final UnaryOperator<CacheKey> stored;

        OtherCacheKeys(StateStore right, UnaryOperator<CacheKey> stored) {
            super(right);
            this.stored = stored;
        }

        @Override
        public Optional<Bytes> cacheGet(CacheKey key) {
            return super.cacheGet(stored.apply(key));
        }

        @Override
        public Bytes cachePut(CachePut put) {
            return super.cachePut(
                    new CachePut(stored.apply(put.key()), put.outcome(), put.ttl(), put.existing(), put.maxEntries()));
        }
    }
}
