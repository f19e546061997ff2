// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Ability;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Claim;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Due;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.Erase;
import dev.cairn.spi.Erased;
import dev.cairn.spi.Granted;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Labels;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.Message;
import dev.cairn.spi.Renewed;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.Signalled;
import dev.cairn.spi.StepCacheStore.CacheKey;
import dev.cairn.spi.StepCacheStore.CachePut;
import dev.cairn.spi.StepCacheStore.Existing;
import dev.cairn.spi.WorkflowVersions;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import dev.cairn.tck.Operation.Prepared;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The operations that are one call of a store: every method that changes something. */
final class StoreOperations {
    private StoreOperations() {}

    static List<Operation> all(Trial trial) {
        List<Operation> all = new ArrayList<>(acquires());
        all.addAll(commits());
        all.addAll(settles());
        all.addAll(others());
        if (trial.declares(Ability.STEP_CACHE)) {
            all.addAll(caches());
        }
        return all;
    }

    static List<Operation> acquires() {
        return List.of(
                new Operation("create", (by, id) -> acquire(id, new Acquire.Create(Requests.newRun()))),
                new Operation("take", StoreOperations::take),
                new Operation("take over an expired lease", StoreOperations::takeExpired),
                new Operation("take over a live lease", StoreOperations::supersede),
                claim());
    }

    static Prepared take(Instance by, String id) {
        by.createFree(id);
        return acquire(id, new Acquire.Take(Condition.open().build()));
    }

    static Prepared takeExpired(Instance by, String id) {
        by.expire(held(by, id));
        return acquire(id, new Acquire.Take(Condition.open().build()));
    }

    static Prepared supersede(Instance by, String id) {
        held(by, id);
        return acquire(
                id, new Acquire.Take(Condition.open().over(Condition.Over.LIVE).build()));
    }

    private static Prepared acquire(String id, Acquire.Target target) {
        Acquire request = Requests.acquire(id, target);
        return new Prepared(
                who -> who.store().acquire(request),
                answer -> answer instanceof Granted,
                reader -> RunView.withGrants(reader, id));
    }

    static Operation claim() {
        return new Operation("claim", StoreOperations::claim);
    }

    static Prepared claim(Instance by, String id) {
        Lease lease =
                by.create(id, Requests.newRun(id, Labels.NONE, RunStatus.READY)).lease();
        by.steps(lease, 1, 1);
        by.free(lease);
        return claimOf(id);
    }

    /** A claim of the runs of this workflow. */
    static Prepared claimOf(String id) {
        List<WorkflowVersions> asked = List.of(new WorkflowVersions(id, 1, Set.of(1)));
        Claim claim = new Claim(LeaseId.random(), asked, 1, Requests.LASTING, Requests.grant());
        return new Prepared(
                who -> who.store().claim(claim),
                answer -> answer instanceof List<?> granted && granted.size() == 1,
                reader -> RunView.withGrants(reader, id));
    }

    /** A run with one step, under a lease that lasts. */
    static Lease held(Instance by, String id) {
        Lease lease = by.create(id).lease();
        by.steps(lease, 1, 1);
        return lease;
    }

    // --- commits

    static List<Operation> commits() {
        return List.of(
                new Operation("append", (by, id) -> append(id, Requests.step(held(by, id), 2, "two"))),
                new Operation("append under an expired lease", StoreOperations::appendExpired),
                batch());
    }

    static Operation batch() {
        return new Operation("append to two runs", StoreOperations::appendTwo);
    }

    /** A commit of a holder behind whose grant stands one that does not count. */
    static Operation steppingOver() {
        return new Operation("a step over an entry that does not count", (by, id) -> {
            by.createEnded(id, RunStatus.FAILED);
            Lease late = Instance.granted(by.acquire(id, Condition.openOrEnded().build()))
                    .lease();
            Instance.done(by.store().settle(Settle.of(late, HeadChange.freed().build())));
            Lease holder =
                    Instance.granted(by.acquire(id, Condition.failed().build())).lease();
            Entry step = Requests.step(holder, 2, "step");
            return new Prepared(
                    who -> steppedOver(who, step),
                    answer -> answer instanceof Appended.Written || answer instanceof Appended.Taken,
                    reader -> RunView.of(reader, id));
        });
    }

    /** As core does it: the same commit, one place further, until it is there. */
    private static Object steppedOver(Instance who, Entry step) {
        Entry sent = step;
        Appended answer = Operation.orThrown(who.append(sent));
        while (answer instanceof Appended.Taken taken && !taken.entry().equals(sent) && sent.place() < 10) {
            sent = sent.at(sent.place() + 1);
            answer = Operation.orThrown(who.append(sent));
        }
        return isThere(sent, answer) ? answer : "not written";
    }

    private static Prepared appendExpired(Instance by, String id) {
        Lease lease = held(by, id);
        by.expire(lease);
        return append(id, Requests.step(lease, 2, "two"));
    }

    static Prepared append(String id, Entry entry) {
        return new Prepared(
                who -> Operation.orThrown(who.append(entry)),
                answer -> isThere(entry, answer),
                reader -> RunView.of(reader, id));
    }

    private static Prepared appendTwo(Instance by, String id) {
        String other = id + " too";
        List<Entry> entries =
                List.of(Requests.step(held(by, id), 2, "two"), Requests.step(held(by, other), 2, "two too"));
        return new Prepared(
                who -> {
                    List<Appended> answers = who.store().append(entries);
                    answers.forEach(Operation::orThrown);
                    return answers;
                },
                answer -> answer instanceof List<?> answers
                        && isThere(entries.get(0), answers.get(0))
                        && isThere(entries.get(1), answers.get(1)),
                reader -> RunView.of(reader, id));
    }

    /** Whether an append was acknowledged, now or before. */
    static boolean isThere(Entry entry, Object answer) {
        return answer instanceof Appended.Written
                || (answer instanceof Appended.Taken taken && taken.entry().equals(entry));
    }

    // --- settles

    static List<Operation> settles() {
        return List.of(
                new Operation("end", StoreOperations::end),
                new Operation("suspend", (by, id) -> suspend(id, held(by, id))),
                new Operation("release", (by, id) -> release(id, held(by, id))),
                new Operation("release with a step", (by, id) -> {
                    Settle settle = Settle.of(
                            Requests.step(held(by, id), 2, "two"),
                            HeadChange.ready(Due.now()).build());
                    return settle(settle, reader -> RunView.of(reader, id));
                }));
    }

    static Prepared end(Instance by, String id) {
        Settle settle = Settle.of(
                Requests.end(held(by, id), 2, RunStatus.COMPLETED),
                HeadChange.ended(RunStatus.COMPLETED).build());
        return settle(settle, reader -> RunView.of(reader, id));
    }

    static Prepared suspend(String id, Lease lease) {
        return settle(suspending(lease), reader -> RunView.of(reader, id));
    }

    /** Suspends a run with one step. */
    static Settle suspending(Lease lease) {
        EntryBody.Suspension body = EntryBody.Suspension.of(Set.of("approved"), Optional.empty(), 0);
        return Settle.of(
                Requests.entry(lease, 2, body),
                HeadChange.suspended(Set.of("approved"), Due.never(), 0).build());
    }

    static Prepared release(String id, Lease lease) {
        Settle settle = Settle.of(lease, HeadChange.ready(Due.now()).build());
        // A repeat finds its lease gone, since the first gave it back: the head shows that it is done.
        return new Prepared(
                who -> who.store().settle(settle),
                answer -> answer instanceof Settled.Done
                        || (answer instanceof Settled.Lost lost
                                && lost.head()
                                        .filter(head -> head.lease().isEmpty())
                                        .isPresent()),
                reader -> RunView.withHolder(reader, id));
    }

    private static Prepared settle(Settle settle, Function<Instance, List<?>> view) {
        return new Prepared(who -> who.store().settle(settle), answer -> answer instanceof Settled.Done, view);
    }

    // --- others

    private static List<Operation> others() {
        return List.of(
                renewal(),
                new Operation("signal", (by, id) -> {
                    by.free(held(by, id));
                    return signal(id);
                }),
                new Operation("signal a run that waits", (by, id) -> {
                    by.suspend(held(by, id), 2, Optional.empty(), 0, "approved");
                    return signal(id);
                }),
                erasure());
    }

    static Operation erasure() {
        return new Operation("erase what is left", StoreOperations::leave);
    }

    static Operation renewal() {
        return new Operation("renew", (by, id) -> {
            Lease lease = held(by, id);
            return new Prepared(
                    who -> who.renew(lease, Requests.LASTING),
                    answer -> answer instanceof Renewed.Held,
                    reader -> RunView.of(reader, id));
        });
    }

    static Prepared signal(String id) {
        Message message = Requests.message("m", "approved");
        return new Prepared(
                who -> who.signal(id, message), answer -> answer == Signalled.STORED, reader -> RunView.of(reader, id));
    }

    /** What a delete leaves until it is erased is not the run any more, whoever looks. */
    private static Prepared leave(Instance by, String id) {
        Lease lease = held(by, id);
        Instance.done(by.store().settle(Settle.of(lease, HeadChange.gone(0).build())));
        Incarnation left = lease.incarnation();
        return new Prepared(
                who -> who.store().erase(List.of(new Erase.Leftover(id, left))),
                answer -> answer.equals(List.of(Erased.ERASED)),
                reader -> RunView.of(reader, id));
    }

    static List<Operation> caches() {
        return List.of(
                new Operation("put into the cache", (by, id) -> {
                    CacheKey key = new CacheKey(id, "k");
                    CachePut put = new CachePut(key, Bytes.utf8("one"), CachePut.FOREVER, Existing.KEEP, 100);
                    return cached(key, who -> who.cache().cachePut(put), Bytes.utf8("one"));
                }),
                new Operation("remove from the cache", (by, id) -> {
                    CacheKey key = cached(by, id);
                    return cached(key, who -> done(() -> who.cache().cacheDelete(key)), "done");
                }),
                new Operation("clear a scope of the cache", (by, id) -> {
                    CacheKey key = cached(by, id);
                    return cached(key, who -> done(() -> who.cache().cacheClear(id)), "done");
                }));
    }

    private static CacheKey cached(Instance by, String id) {
        CacheKey key = new CacheKey(id, "k");
        by.cache().cachePut(new CachePut(key, Bytes.utf8("one"), CachePut.FOREVER, Existing.KEEP, 100));
        return key;
    }

    private static Prepared cached(CacheKey key, Function<Instance, Object> call, Object done) {
        return new Prepared(
                call,
                done::equals,
                reader -> List.of(reader.cache().cacheGet(key).map(Bytes::asUtf8)));
    }

    private static String done(Runnable call) {
        call.run();
        return "done";
    }
}
