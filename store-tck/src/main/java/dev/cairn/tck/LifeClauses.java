// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.CairnException;
import dev.cairn.error.StoreClosedException;
import dev.cairn.spi.Ability;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Erase;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Read;
import dev.cairn.spi.Renewal;
import dev.cairn.spi.Renewed;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Settle;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.StepCacheStore;
import dev.cairn.spi.StepCacheStore.CacheKey;
import dev.cairn.spi.StepCacheStore.CachePut;
import dev.cairn.spi.StepCacheStore.Existing;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/** LIFE: lifecycle. */
interface LifeClauses extends KitClauses {
    @Clause(
            id = "LIFE-01",
            must = "Close MUST be idempotent and safe from several threads",
            why = "a program that shuts down from two places fails while it does",
            usualFix = "set a flag once, atomically; whoever finds it set is done")
    default void life_01_closeIsIdempotent(Trial trial) {
        Instance a = trial.open("A");
        Lease lease = a.create("r").lease();
        List<Callable<String>> closers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            closers.add(() -> closed(a));
        }

        for (String answer : trial.atOnce(closers)) {
            trial.equal("closing at once is", "closed", answer);
        }

        trial.equal("closing again is", "closed", closed(a));
        Instance b = trial.open("B");
        trial.is(Appended.Written.class, "what was written before there, and a step written", b.step(lease, 1, "one"));
    }

    private static String closed(Instance who) {
        try {
            who.close();
            return "closed";
        } catch (RuntimeException e) {
            return Thrown.name(e);
        }
    }

    @Clause(
            id = "LIFE-02",
            must = "Any call after close MUST fail at once as StoreClosed",
            why = "a late thread writes without anybody to see the answer, or waits for ever",
            usualFix = "look at the closed flag first in every method")
    default void life_02_callsAfterCloseFail(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        Lease lease = a.create("r").lease();
        a.steps(lease, 1, 1);
        a.createEnded("ended", RunStatus.COMPLETED);
        a.createFree("free");
        List<Object> before =
                List.of(b.read("r").all(), b.read("ended").all(), b.read("free").all());
        a.close();

        calls(trial, a.store(), lease)
                .forEach((what, call) ->
                        trial.throwing(StoreClosedException.class, what + " after close to fail as closed", call));

        trial.equal(
                "the runs are",
                before,
                List.of(b.read("r").all(), b.read("ended").all(), b.read("free").all()));
        trial.that(b.find("new").isEmpty(), "no run created", "a run");
    }

    private static Map<String, Callable<?>> calls(Trial trial, StateStore store, Lease lease) {
        Map<String, Callable<?>> calls = new LinkedHashMap<>();
        HeadChange completed = HeadChange.ended(RunStatus.COMPLETED).build();
        calls.put("append", () -> store.append(List.of(Requests.step(lease, 2, "late"))));
        calls.put("acquire", () -> store.acquire(Requests.acquire("new", new Acquire.Create(Requests.newRun()))));
        calls.put("claim", () -> store.claim(Requests.claim(10)));
        calls.put("settle", () -> store.settle(Settle.of(Requests.end(lease, 2, RunStatus.COMPLETED), completed)));
        calls.put("renew", () -> store.renew(List.of(new Renewal(lease, Requests.LASTING, "late"))));
        calls.put("signal", () -> store.signal("r", Requests.message("late", "approved")));
        calls.put("read", () -> store.read(new Read("r", new Cursor.Start(), 1000)));
        calls.put("list", () -> store.list(RunQuery.all().build()));
        calls.put("erase", () -> store.erase(List.of(new Erase.Leftover("ended", lease.incarnation()))));
        calls.put("facts", store::facts);
        if (trial.declares(Ability.STEP_CACHE)) {
            StepCacheStore cache = (StepCacheStore) store;
            CacheKey key = new CacheKey("s", "k");
            CachePut put = new CachePut(key, Bytes.empty(), CachePut.FOREVER, Existing.REPLACE, 10);
            calls.put("cacheGet", () -> cache.cacheGet(key));
            calls.put("cachePut", () -> cache.cachePut(put));
            calls.put("cacheDelete", () -> {
                cache.cacheDelete(key);
                return "done";
            });
            calls.put("cacheClear", () -> {
                cache.cacheClear("s");
                return "done";
            });
        }
        return calls;
    }

    @Clause(
            id = "LIFE-03",
            must = "Close during calls in flight MUST let each finish or fail typed, within the timeout",
            why = "a shutdown loses steps that were acknowledged, or throws what nobody expects",
            usualFix = "let calls under way end before their connection is closed; fail the waiting ones as closed")
    default void life_03_callsUnderWayFinishOrFailTyped(Trial trial) {
        Instance a = trial.open("A");
        List<Lease> leases = new ArrayList<>();
        CountDownLatch begun = new CountDownLatch(6);
        List<Callable<Object>> parties = new ArrayList<>();
        for (int i = 0; i < begun.getCount(); i++) {
            Lease lease = a.create("run " + i).lease();
            leases.add(lease);
            boolean reads = i % 3 == 2;
            parties.add(() -> {
                try {
                    return reads ? readUntilClosed(a, lease, begun) : writeUntilClosed(a, lease, begun);
                } finally {
                    begun.countDown(); // also one that ended early lets the close begin
                }
            });
        }
        parties.add(() -> {
            begun.await();
            return closed(a);
        });

        List<Object> answers = trial.atOnce(parties);

        trial.equal("the close is", "closed", answers.get(leases.size()));
        Instance b = trial.open("B");
        for (int i = 0; i < leases.size(); i++) {
            Long acknowledged = trial.is(Long.class, "only typed failures of calls under way", answers.get(i));
            long there = b.read(leases.get(i).runId()).counting().size();
            trial.that(
                    there == acknowledged || there == acknowledged + 1,
                    acknowledged + " acknowledged steps, and at most the one under way",
                    there + " steps");
        }
        WireChecks.closedMeanwhile(trial);
    }

    /** How many steps were acknowledged until the store was closed; the name of what was thrown otherwise. */
    private static Object writeUntilClosed(Instance who, Lease lease, CountDownLatch begun) {
        for (long place = 1; ; place++) {
            try {
                Appended answer = who.step(lease, place, "x");
                if (answer instanceof Appended.Failed) {
                    return place - 1;
                }
                if (!(answer instanceof Appended.Written)) {
                    return Words.of(answer);
                }
            } catch (CairnException e) {
                return place - 1;
            } catch (RuntimeException e) {
                return Thrown.name(e);
            } finally {
                if (place == 2) {
                    begun.countDown();
                }
            }
        }
    }

    private static Object readUntilClosed(Instance who, Lease lease, CountDownLatch begun) {
        for (long i = 1; ; i++) {
            try {
                who.read(lease.runId());
            } catch (CairnException e) {
                return 0L;
            } catch (RuntimeException e) {
                return Thrown.name(e);
            } finally {
                if (i == 2) {
                    begun.countDown();
                }
            }
        }
    }

    @Clause(
            id = "LIFE-04",
            must = "Closing one instance MUST NOT disturb another nor close a pool/client the caller supplied",
            why = "one part of a program that shuts down takes the others with it",
            usualFix = "close only what was opened here; count the users of what is shared")
    default void life_04_closingOneLeavesTheOthers(Trial trial) {
        Instance a = trial.open("A");
        Lease lease = a.create("r").lease();
        List<Instance> closing = List.of(trial.open("B"), trial.open("C"));
        Instance elsewhere = trial.open(
                "elsewhere", trial.options().namespace(Storages.freshName()).build());
        elsewhere.create("r");
        long place = 1;
        for (Instance each : closing) {
            each.read("r");
            each.create("of " + each);

            each.close();

            trial.equal("a step after " + each + " closed is", "written", answer(a, lease, place++));
            trial.equal(
                    "its steps are",
                    (int) place - 1,
                    answer(() -> a.read("r").counting().size()));
            trial.equal(
                    "a renewal is", new Renewed.Held(Requests.LASTING), answer(() -> a.renew(lease, Requests.LASTING)));
            trial.equal(
                    "a run elsewhere has",
                    1,
                    answer(() -> elsewhere.read("r").entries().size()));
        }
        Instance late = trial.open("late");
        trial.equal(
                "one opened later sees",
                2,
                answer(() -> late.read("r").counting().size()));
    }

    private static Object answer(Instance who, Lease lease, long place) {
        return answer(() -> Words.of(who.step(lease, place, "x")));
    }

    /** What it answers, or the name of what it throws. */
    private static Object answer(Callable<?> call) {
        try {
            return call.call();
        } catch (Exception e) {
            return Thrown.name(e);
        }
    }
}
