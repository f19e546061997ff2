// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Claim;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Due;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Erase;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Labels;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.Message;
import dev.cairn.spi.NewRun;
import dev.cairn.spi.Read;
import dev.cairn.spi.Renewal;
import dev.cairn.spi.Revision;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Settle;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.StepCacheStore;
import dev.cairn.spi.StepCacheStore.CacheKey;
import dev.cairn.spi.StepCacheStore.CachePut;
import dev.cairn.spi.StepCacheStore.Existing;
import dev.cairn.spi.WorkflowVersions;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;

/** Calls that a store has to refuse, by what is wrong with them. */
final class BadArguments {
    private BadArguments() {}

    /** What callers outside null-checked code may hand over. */
    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // the point is the null
    static <T> T none() {
        return null;
    }

    static Map<String, Callable<?>> nulls(StateStore store) {
        Map<String, Callable<?>> calls = new LinkedHashMap<>();
        calls.put("append(null)", () -> store.append(none()));
        calls.put("append of null", () -> store.append(Arrays.asList(BadArguments.<Entry>none())));
        calls.put("acquire(null)", () -> store.acquire(none()));
        calls.put("claim(null)", () -> store.claim(none()));
        calls.put("settle(null)", () -> store.settle(none()));
        calls.put("renew(null)", () -> store.renew(none()));
        calls.put("renew of null", () -> store.renew(Arrays.asList(BadArguments.<Renewal>none())));
        calls.put("signal to null", () -> store.signal(none(), Requests.message("m", "go")));
        calls.put("signal(null)", () -> store.signal("r", none()));
        calls.put("read(null)", () -> store.read(none()));
        calls.put("list(null)", () -> store.list(none()));
        calls.put("erase(null)", () -> store.erase(none()));
        calls.put("erase of null", () -> store.erase(Arrays.asList(BadArguments.<Erase>none())));
        return calls;
    }

    static Map<String, Callable<?>> numbers(Instance on, Lease lease) {
        Map<String, Callable<?>> calls = new LinkedHashMap<>();
        for (Duration ttl : List.of(
                Duration.ZERO,
                Duration.ofMillis(-1),
                Duration.ofNanos(1),
                Duration.ofNanos(1_000_001),
                Duration.ofDays(366),
                Duration.ofSeconds(Long.MAX_VALUE))) {
            calls.put(
                    "an acquire for " + ttl,
                    () -> on.store()
                            .acquire(Requests.acquire(
                                    "r", new Acquire.Take(Condition.open().build()), ttl)));
            calls.put("a renewal for " + ttl, () -> on.renew(lease, ttl));
            calls.put("a claim for " + ttl, () -> on.store().claim(Requests.claim(1, ttl)));
        }
        for (int limit : new int[] {0, -1, Integer.MIN_VALUE, 1001, Integer.MAX_VALUE}) {
            calls.put("a claim of " + limit, () -> on.store().claim(Requests.claim(limit)));
            calls.put(
                    "a list of " + limit,
                    () -> on.store().list(RunQuery.all().limit(limit).build()));
        }
        for (int bytes : new int[] {0, -1, Integer.MIN_VALUE}) {
            calls.put("a read of " + bytes, () -> on.store().read(new Read("r", new Cursor.Start(), bytes)));
        }
        for (long number : new long[] {-1, Long.MIN_VALUE}) {
            calls.put("an entry at " + number, () -> on.step(lease, number, "x"));
            calls.put(
                    "a read from " + number,
                    () -> on.store().read(new Read("r", new Cursor.After(lease.incarnation(), number, -1, ""), 4096)));
            calls.put(
                    "token " + number, () -> on.step(new Lease("r", lease.incarnation(), lease.id(), number), 2, "x"));
            calls.put(
                    "revision " + number,
                    () -> on.acquire(
                            "r",
                            Condition.open()
                                    .at(new Revision(lease.incarnation(), number))
                                    .build()));
            calls.put("source token " + number, () -> on.create("other", newRun(1, number)));
        }
        calls.put("token 0", () -> new Lease("r", lease.incarnation(), lease.id(), 0));
        calls.put("version 0", () -> on.create("other", newRun(0, 0)));
        calls.put("a claim of version 0", () -> new WorkflowVersions("w", 0, Set.of(0)));
        calls.put(
                "a claim of no workflow",
                () -> new Claim(LeaseId.random(), List.of(), 1, Requests.LASTING, Requests.grant()));
        return calls;
    }

    static NewRun newRun(int version, long sourceToken) {
        return new NewRun(
                Requests.WORKFLOW,
                version,
                Incarnation.random(),
                Labels.NONE,
                RunStatus.READY,
                Requests.origin(),
                sourceToken);
    }

    static Map<String, Callable<?>> caches(StepCacheStore cache) {
        Map<String, Callable<?>> calls = new LinkedHashMap<>();
        CacheKey key = new CacheKey("scope", "key");
        Bytes outcome = Bytes.utf8("1");
        calls.put("cacheGet(null)", () -> cache.cacheGet(none()));
        calls.put("cachePut(null)", () -> cache.cachePut(none()));
        calls.put("a cache key without a key", () -> cache.cacheGet(new CacheKey("scope", "")));
        calls.put(
                "a time to live of 0",
                () -> cache.cachePut(new CachePut(key, outcome, Duration.ZERO, Existing.KEEP, 1)));
        calls.put("a cache of 0", () -> cache.cachePut(new CachePut(key, outcome, CachePut.FOREVER, Existing.KEEP, 0)));
        for (String scope : Arrays.asList("", " ", BadArguments.<String>none())) {
            calls.put("cacheClear of scope " + Words.of(scope), () -> {
                cache.cacheClear(scope);
                return "done";
            });
        }
        return calls;
    }

    static Map<String, Callable<?>> tooLarge(Instance on, Lease lease, Bytes large) {
        Map<String, Callable<?>> calls = new LinkedHashMap<>();
        Acquire.Target take = new Acquire.Take(Condition.open().build());
        NewRun run = new NewRun(Requests.WORKFLOW, 1, Incarnation.random(), Labels.NONE, RunStatus.READY, large, 0);
        WorkflowVersions versions = new WorkflowVersions(Requests.WORKFLOW, 1, Set.of(1));
        EntryKind plain = EntryKind.PLAIN;
        calls.put("a signal", () -> on.signal("r", new Message("m", "go", large)));
        calls.put(
                "a grant", () -> on.store().acquire(new Acquire("r", LeaseId.random(), Requests.LASTING, take, large)));
        calls.put("an input", () -> on.store().acquire(Requests.acquire("other", new Acquire.Create(run))));
        calls.put(
                "a claim's grant",
                () -> on.store().claim(new Claim(LeaseId.random(), List.of(versions), 1, Requests.LASTING, large)));
        calls.put(
                "a settled entry",
                () -> on.store()
                        .settle(Settle.of(
                                Requests.entry(lease, 3, plain, large),
                                HeadChange.ready(Due.now()).build())));
        return calls;
    }
}
