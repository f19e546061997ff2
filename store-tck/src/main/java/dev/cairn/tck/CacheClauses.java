// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.UnsupportedCapabilityException;
import dev.cairn.spi.Ability;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.StepCacheStore;
import dev.cairn.spi.StepCacheStore.CacheKey;
import dev.cairn.spi.StepCacheStore.CachePut;
import dev.cairn.spi.StepCacheStore.Existing;
import dev.cairn.state.Bytes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;

/** CACHE: step outcomes shared across runs. */
interface CacheClauses extends KitClauses {
    @Clause(
            id = "CACHE-01",
            must = "A cached success or error MUST come back equal, in the same scope only",
            why = "a step gets the outcome of another step, or one that nobody computed",
            usualFix = "keep the bytes as they are, under namespace, scope and key together")
    default void cache_01_comesBackInItsScopeOnly(Trial trial) {
        if (isRefused(trial)) {
            return;
        }
        Instance a = trial.open("A");
        Map<CacheKey, Bytes> put = new HashMap<>();
        for (String scope : List.of("s", "S", "s2", "s:a", "s ")) {
            for (String key : List.of("k", "K", "k ", "a:k", "\u00e9", "e\u0301")) {
                put.put(new CacheKey(scope, key), Bytes.utf8(scope + "/" + key));
            }
        }
        put.put(new CacheKey("s", "empty"), Bytes.empty());
        put.put(new CacheKey("s", "error"), Bytes.utf8("{\"failure\":{\"type\":\"X\"}}"));
        put.put(new CacheKey("s", "large"), random(trial.random(), 1 << 20));

        put.forEach((key, outcome) ->
                trial.equal("a put answers", outcome, a.cache().cachePut(put(key, outcome, CachePut.FOREVER))));

        for (Instance who : trial.sameOtherReopened(a)) {
            put.forEach((key, outcome) -> trial.equal(
                    "a get answers", Optional.of(outcome), who.cache().cacheGet(key)));
            trial.equal("in no other scope", Optional.empty(), get(who, "t", "k"));
            trial.equal("under no other key", Optional.empty(), get(who, "s", "j"));
        }
        Instance elsewhere = trial.open(
                "elsewhere",
                trial.options().namespace(a.options().namespace() + "x").build());
        trial.equal("in no other namespace", Optional.empty(), get(elsewhere, "s", "k"));
    }

    @Clause(
            id = "CACHE-02",
            must = "Of N simultaneous first writers of one key exactly one value MUST win, and all MUST be told which",
            why = "two runs go on with two outcomes of what should be one step",
            usualFix = "insert if absent, and answer what stands there afterwards, both in one atomic act")
    default void cache_02_oneFirstWriterWins(Trial trial) {
        if (isRefused(trial)) {
            return;
        }
        List<Instance> writers = List.of(trial.open("A"), trial.open("B"), trial.open("C"), trial.open("D"));
        for (int round = 0; round < 10; round++) {
            CacheKey key = new CacheKey("s", "k" + round);
            List<Callable<Bytes>> calls = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Instance who = writers.get(i % writers.size());
                CachePut first = keep(key, Bytes.utf8("v" + i), CachePut.FOREVER);
                calls.add(() -> who.cache().cachePut(first));
            }

            Set<Bytes> told = new HashSet<>(trial.atOnce(calls));

            trial.that(told.size() == 1, "one value for all", told.size() + " values");
            for (Instance who : writers) {
                Optional<Bytes> stands = who.cache().cacheGet(key);
                trial.that(stands.filter(told::contains).isPresent(), "the value that all were told", stands);
            }
            Bytes late = writers.get(0).cache().cachePut(keep(key, Bytes.utf8("late"), CachePut.FOREVER));
            trial.that(told.contains(late), "the same value for one who comes late", late);
        }
        RemovalRaces.writers(trial);
    }

    @Clause(
            id = "CACHE-03",
            must =
                    "An entry MUST NOT be returned at or after its time to live, by the store's clock, nor be missing before"
                            + " it unless the limit evicted it",
            why = "a step goes on with an outcome that is out of date",
            usualFix = "compare the stored expiry with the store's clock in every look, also before a writer keeps it")
    default void cache_03_isThereUntilItsTimeToLive(Trial trial) {
        if (isRefused(trial)) {
            return;
        }
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        Duration ttl = Duration.ofMillis(150);
        CacheKey key = new CacheKey("s", "k");
        Instant before = now(a);
        a.cache().cachePut(put(key, Bytes.utf8("old"), ttl));
        Instant after = now(a);
        a.cache().cachePut(put(new CacheKey("s", "long"), Bytes.utf8("kept"), Requests.LASTING));

        if (trial.harness().clock().isPresent()) {
            trial.pass(ttl.minusMillis(1));
        }
        Optional<Bytes> early = b.cache().cacheGet(key);
        boolean certainlyEarly = now(b).isBefore(before.plus(ttl));
        trial.that(!certainlyEarly || early.isPresent(), "the outcome, before its time to live", early);
        passUntil(trial, b, after.plus(ttl));

        trial.equal("at its time to live", Optional.empty(), b.cache().cacheGet(key));
        trial.equal("at its time to live", Optional.empty(), a.cache().cacheGet(key));
        trial.equal("one that lives longer", Optional.of(Bytes.utf8("kept")), get(b, "s", "long"));
        Bytes told = b.cache().cachePut(keep(key, Bytes.utf8("new"), CachePut.FOREVER));
        trial.equal("a writer that keeps what is alive is told", Bytes.utf8("new"), told);
        trial.equal("and it stands:", Optional.of(told), a.cache().cacheGet(key));
        SkewParts.outcomes(trial);
    }

    @Clause(
            id = "CACHE-04",
            must = "An entry's own time to live MUST win over the default, shorter or longer; none means never",
            why = "outcomes vanish early, or stay for ever",
            usualFix = "store one expiry per entry, replaced with the entry; none is no number, and nothing overflows")
    default void cache_04_ownTimeToLiveWins(Trial trial) {
        if (isRefused(trial)) {
            return;
        }
        Instance a = trial.open("A");
        Duration ttl = Duration.ofMillis(150);
        Bytes v = Bytes.utf8("v");
        put(a, "forever", CachePut.FOREVER);
        put(a, "almost", CachePut.FOREVER.minusMillis(1));
        put(a, "years", Duration.ofDays(36_500));
        put(a, "longer", ttl);
        put(a, "longer", Requests.LASTING);
        put(a, "endless", ttl);
        put(a, "endless", CachePut.FOREVER);
        put(a, "shorter", CachePut.FOREVER);
        put(a, "shorter", ttl);
        put(a, "kept", ttl);
        Bytes first = a.cache().cachePut(keep(new CacheKey("s", "kept"), Bytes.utf8("second"), CachePut.FOREVER));
        passUntil(trial, a, now(a).plus(ttl));

        for (Instance who : trial.sameOtherReopened(a)) {
            for (String key : List.of("forever", "almost", "years", "longer", "endless")) {
                trial.equal(Words.quoted(key) + " is", Optional.of(v), get(who, "s", key));
            }
            trial.equal("one whose last time to live was shorter is", Optional.empty(), get(who, "s", "shorter"));
            if (first.equals(v)) {
                trial.equal("a writer that kept it did not prolong it:", Optional.empty(), get(who, "s", "kept"));
            }
        }
    }

    @Clause(
            id = "CACHE-05",
            must = "Delete of one key and clear of one scope MUST touch nothing else and be safe to repeat",
            why = "outcomes of others are computed again, and their side effects happen again",
            usualFix = "delete by namespace, scope and key, compared as bytes; no prefix, no pattern")
    default void cache_05_deleteAndClearAreNarrow(Trial trial) {
        if (isRefused(trial)) {
            return;
        }
        Instance a = trial.open("A");
        Instance elsewhere = trial.open(
                "elsewhere", trial.options().namespace(Storages.freshName()).build());
        List<CacheKey> others = new ArrayList<>();
        for (String scope : List.of("s2", "S", "s:", "s%", "%")) {
            others.add(new CacheKey(scope, "k"));
        }
        List<CacheKey> beside = new ArrayList<>();
        for (String key : List.of("k2", "K", "k:", "k%", "%", "*")) {
            beside.add(new CacheKey("s", key));
        }
        CacheKey key = new CacheKey("s", "k");
        others.forEach(other -> a.cache().cachePut(put(other, Bytes.utf8("v"), CachePut.FOREVER)));
        beside.forEach(other -> a.cache().cachePut(put(other, Bytes.utf8("v"), CachePut.FOREVER)));
        a.cache().cachePut(put(key, Bytes.utf8("v"), CachePut.FOREVER));
        elsewhere.cache().cachePut(put(key, Bytes.utf8("v"), CachePut.FOREVER));

        for (Instance who : trial.sameOtherReopened(a)) {
            who.cache().cacheDelete(key);
            trial.equal("the deleted key is", Optional.empty(), a.cache().cacheGet(key));
            requireThere(trial, a, beside);
        }
        for (Instance who : trial.sameOtherReopened(a)) {
            who.cache().cacheClear("s");
            for (CacheKey cleared : beside) {
                trial.equal("in the cleared scope", Optional.empty(), a.cache().cacheGet(cleared));
            }
            requireThere(trial, a, others);
        }
        trial.equal(
                "in another namespace",
                Optional.of(Bytes.utf8("v")),
                elsewhere.cache().cacheGet(key));
    }

    @Clause(
            id = "CACHE-06",
            must = "A bounded cache MUST never hold more than its limit, and overwriting a key at the limit MUST evict"
                    + " nothing",
            why = "the storage fills up, or outcomes vanish that nobody had to give up",
            usualFix = "evict after the write, by number of keys, the least recently written first")
    default void cache_06_isBounded(Trial trial) {
        if (isRefused(trial)) {
            return;
        }
        Instance a = trial.open("A");
        Random random = trial.random();
        int most = 3 + random.nextInt(4);
        List<CacheKey> keys = new ArrayList<>();
        for (int i = 0; i < 2 * most; i++) {
            keys.add(new CacheKey("s", "k" + i));
        }
        a.cache().cachePut(bounded(new CacheKey("other", "k"), "v", 1));
        for (int i = 0; i < 60; i++) {
            CacheKey key = keys.get(random.nextInt(keys.size()));
            Set<CacheKey> before = held(a, keys);
            a.cache().cachePut(bounded(key, "v" + i, most));
            Set<CacheKey> after = held(a, keys);
            trial.that(after.size() <= most, "at most " + most + " keys", after.size() + " keys");
            trial.that(after.contains(key), "the key that was just written", after.size() + " others");
            boolean overwritten = before.contains(key);
            boolean room = overwritten || before.size() < most;
            trial.that(
                    !room || after.containsAll(before),
                    overwritten ? "nothing evicted by overwriting" : "nothing evicted while there is room",
                    before.size() + " keys before, " + after.size() + " after");
        }
        trial.equal("in another scope", Optional.of(Bytes.utf8("v")), get(a, "other", "k"));
        leastRecentlyWrittenGoes(trial, a);
    }

    private static void leastRecentlyWrittenGoes(Trial trial, Instance a) {
        for (String key : List.of("a", "b", "c", "a")) {
            a.cache().cachePut(bounded(new CacheKey("lru", key), "v", 3));
            trial.pass(Duration.ofMillis(5));
        }
        get(a, "lru", "b");

        a.cache().cachePut(bounded(new CacheKey("lru", "d"), "v", 3));

        trial.equal("the least recently written is", Optional.empty(), get(a, "lru", "b"));
        for (String key : List.of("a", "c", "d")) {
            trial.equal("one written later is", Optional.of(Bytes.utf8("v")), get(a, "lru", key));
        }
    }

    /** Where the ability is not declared: it is not to be had, and the clause is done. */
    private static boolean isRefused(Trial trial) {
        if (trial.declares(Ability.STEP_CACHE)) {
            return false;
        }
        Instance a = trial.open("A");
        requireNoCache(trial, a);
        trial.refusedOk();
        return true;
    }

    /** A store without the ability is no such store, or refuses every call. */
    static void requireNoCache(Trial trial, Instance a) {
        trial.that(
                !a.store().facts().abilities().contains(Ability.STEP_CACHE),
                "facts without the step cache, which the harness does not declare",
                a.store().facts().abilities());
        if (a.store() instanceof StepCacheStore cache) {
            CacheKey key = new CacheKey("s", "k");
            String refused = "refused as unsupported";
            Class<UnsupportedCapabilityException> type = UnsupportedCapabilityException.class;
            trial.throwing(type, refused, () -> cache.cacheGet(key));
            trial.throwing(type, refused, () -> cache.cachePut(put(key, Bytes.empty(), CachePut.FOREVER)));
            trial.throwing(type, refused, () -> {
                cache.cacheDelete(key);
                return key;
            });
            trial.throwing(type, refused, () -> {
                cache.cacheClear("s");
                return key;
            });
        }
    }

    private static CachePut put(CacheKey key, Bytes outcome, Duration ttl) {
        return new CachePut(key, outcome, ttl, Existing.REPLACE, 1000);
    }

    private static CachePut keep(CacheKey key, Bytes outcome, Duration ttl) {
        return new CachePut(key, outcome, ttl, Existing.KEEP, 1000);
    }

    private static CachePut bounded(CacheKey key, String outcome, int most) {
        return new CachePut(key, Bytes.utf8(outcome), CachePut.FOREVER, Existing.REPLACE, most);
    }

    private static void put(Instance who, String key, Duration ttl) {
        who.cache().cachePut(put(new CacheKey("s", key), Bytes.utf8("v"), ttl));
    }

    private static Optional<Bytes> get(Instance who, String scope, String key) {
        return who.cache().cacheGet(new CacheKey(scope, key));
    }

    private static Set<CacheKey> held(Instance who, List<CacheKey> keys) {
        Set<CacheKey> held = new HashSet<>();
        for (CacheKey key : keys) {
            if (who.cache().cacheGet(key).isPresent()) {
                held.add(key);
            }
        }
        return held;
    }

    private static void requireThere(Trial trial, Instance who, List<CacheKey> keys) {
        for (CacheKey key : keys) {
            trial.equal(
                    Words.quoted(key.key()) + " in scope " + Words.quoted(key.scope()) + " is",
                    Optional.of(Bytes.utf8("v")),
                    who.cache().cacheGet(key));
        }
    }

    private static Instant now(Instance who) {
        return who.store().list(RunQuery.all().limit(1).build()).storeTime();
    }

    private static void passUntil(Trial trial, Instance who, Instant time) {
        for (Instant now = now(who); now.isBefore(time); now = now(who)) {
            trial.pass(Duration.between(now, time));
        }
    }

    private static Bytes random(Random random, int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return Bytes.adopt(bytes);
    }
}
