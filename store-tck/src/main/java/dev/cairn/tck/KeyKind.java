// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Ability;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Due;
import dev.cairn.spi.Erase;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Labels;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.Message;
import dev.cairn.spi.NewRun;
import dev.cairn.spi.Read;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Settle;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.StepCacheStore.CacheKey;
import dev.cairn.spi.StepCacheStore.CachePut;
import dev.cairn.spi.StepCacheStore.Existing;
import dev.cairn.spi.WorkflowVersions;
import dev.cairn.state.Bytes;
import dev.cairn.state.Names;
import dev.cairn.state.RunStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.Callable;

/**
 * Something that a store finds by text.
 *
 * @param limit in UTF-8 bytes
 * @param use writes something under a key and answers the key as it is read
 */
record KeyKind(String what, int limit, Use use) {
    /** What is done with a key. */
    interface Use {
        String with(Instance by, String key);
    }

    private static final int LONGEST = Names.MAX_NAME_BYTES;

    /** All kinds that this store has. */
    static List<KeyKind> all(Trial trial) {
        List<KeyKind> kinds = new ArrayList<>(List.of(
                new KeyKind("run id", LONGEST, KeyKind::runId),
                new KeyKind("workflow name", LONGEST, KeyKind::workflow),
                new KeyKind("label name", Names.MAX_LABEL_NAME_BYTES, KeyKind::labelName),
                new KeyKind("label value", Names.MAX_LABEL_VALUE_BYTES, KeyKind::labelValue),
                new KeyKind("signal id", LONGEST, KeyKind::signalId),
                new KeyKind("signal name", LONGEST, KeyKind::signalName),
                new KeyKind("name of an awaited signal", LONGEST, KeyKind::awaited)));
        if (trial.declares(Ability.STEP_CACHE)) {
            kinds.add(new KeyKind("cache scope", LONGEST, (by, key) -> cached(by, new CacheKey(key, "k")) ? key : ""));
            kinds.add(new KeyKind("cache key", LONGEST, (by, key) -> cached(by, new CacheKey("s", key)) ? key : ""));
        }
        return kinds;
    }

    private static String fresh() {
        return "r" + UUID.randomUUID();
    }

    /** Whether a run was named here. */
    static boolean isFresh(String runId) {
        return runId.matches("r[0-9a-f-]{36}");
    }

    private static String runId(Instance by, String key) {
        by.create(key);
        return by.head(key).runId();
    }

    private static String workflow(Instance by, String key) {
        String run = fresh();
        by.create(run, Requests.newRun(key, Labels.NONE, RunStatus.READY));
        return by.head(run).workflow();
    }

    private static String labelName(Instance by, String key) {
        return labelled(by, key, "value").firstKey();
    }

    private static String labelValue(Instance by, String key) {
        return labelled(by, "name", key).getOrDefault("name", "");
    }

    private static SortedMap<String, String> labelled(Instance by, String name, String value) {
        String run = fresh();
        by.create(run, Requests.newRun(Requests.WORKFLOW, Labels.NONE.with(name, value), RunStatus.READY));
        return by.head(run).labels().all();
    }

    private static String signalId(Instance by, String key) {
        return sent(by, new Message(key, "name", Bytes.empty())).id();
    }

    private static String signalName(Instance by, String key) {
        return sent(by, new Message("id", key, Bytes.empty())).name();
    }

    private static Message sent(Instance by, Message message) {
        String run = fresh();
        by.create(run);
        by.signal(run, message);
        return by.read(run).messages().get(0).message();
    }

    private static String awaited(Instance by, String key) {
        Lease lease = by.create(fresh()).lease();
        HeadChange suspended =
                HeadChange.suspended(Collections.singleton(key), Due.never(), 0).build();
        Instance.done(by.store().settle(Settle.of(lease, suspended)));
        return by.head(lease.runId()).awaits().first();
    }

    private static boolean cached(Instance by, CacheKey key) {
        Bytes outcome = Bytes.utf8(key.scope() + key.key());
        by.cache().cachePut(new CachePut(key, outcome, CachePut.FOREVER, Existing.REPLACE, 100));
        return by.cache().cacheGet(key).filter(outcome::equals).isPresent();
    }

    /** Every other way in which a key reaches a store. */
    static List<Callable<?>> asking(Trial trial, Instance by, String key) {
        StateStore store = by.store();
        Incarnation none = Incarnation.random();
        Message message = new Message("id", "name", Bytes.empty());
        Acquire.Target take = new Acquire.Take(Condition.open().build());
        List<Callable<?>> calls = new ArrayList<>(List.of(
                () -> store.signal(key, message),
                () -> store.read(new Read(key, new Cursor.Start(), 1)),
                () -> store.acquire(new Acquire(key, LeaseId.random(), Requests.LASTING, take, Requests.grant())),
                () -> by.renew(new Lease(key, none, LeaseId.random(), 1), Requests.LASTING),
                () -> store.erase(List.of(new Erase.Leftover(key, none))),
                () -> store.erase(List.of(new Erase.Ended(key, none, 1, Instant.EPOCH))),
                () -> store.erase(List.of(new Erase.Fences(key, none, 1, Instant.EPOCH))),
                () -> store.list(RunQuery.all().workflow(key).build()),
                () -> store.list(RunQuery.all().label(key, "value").build()),
                () -> new WorkflowVersions(key, 1, Set.of(1)),
                () -> trial.open("namespace", trial.options().namespace(key).build()),
                () -> new NewRun(key, 1, none, Labels.NONE, RunStatus.READY, Requests.origin(), 0)));
        if (trial.declares(Ability.STEP_CACHE)) {
            calls.add(() -> by.cache().cacheGet(new CacheKey("s", key)));
            calls.add(() -> {
                by.cache().cacheDelete(new CacheKey(key, "k"));
                return "deleted";
            });
            calls.add(() -> {
                by.cache().cacheClear(key);
                return "cleared";
            });
        }
        return calls;
    }
}
