// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Claim;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Erase;
import dev.cairn.spi.Erased;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Labels;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.Refused;
import dev.cairn.spi.Revision;
import dev.cairn.spi.Settled;
import dev.cairn.spi.StepCacheStore.CacheKey;
import dev.cairn.spi.StepCacheStore.CachePut;
import dev.cairn.spi.StepCacheStore.Existing;
import dev.cairn.spi.WorkflowVersions;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import dev.cairn.tck.Races.Pair;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Who removes a run, and who writes to it; who claims runs, or writes to a cache, beside another one. */
final class RemovalRaces {
    private RemovalRaces() {}

    private static void race(Trial trial, String what, Races.Scene scene) {
        if (trial.hasWire()) {
            new Races(trial).explore(what, scene).done();
        }
    }

    /** A delete and a commit, in either order (DEL-04). */
    static void committed(Trial trial) {
        race(trial, "a commit, and meanwhile a delete", (held, other, id) -> {
            Entry step = expiredStep(other, id);
            Revision expected = other.revision(id);
            return new Pair(
                    () -> held.append(step),
                    () -> removed(other, id, expected),
                    (when, x, y) -> either(trial, when, other, step, x, y));
        });
        race(trial, "a delete, and meanwhile a commit", (held, other, id) -> {
            Entry step = expiredStep(other, id);
            Revision expected = other.revision(id);
            return new Pair(
                    () -> removed(held, id, expected),
                    () -> other.append(step),
                    (when, x, y) -> either(trial, when, other, step, y, x));
        });
    }

    private static Entry expiredStep(Instance by, String id) {
        Lease lease = StoreOperations.held(by, id);
        by.expire(lease);
        return Requests.step(lease, 2, "late");
    }

    private static boolean removed(Instance who, String id, Revision expected) {
        if (!(who.acquireAt(id, expected) instanceof Granted granted)) {
            return false;
        }
        Settled gone = who.store()
                .settle(dev.cairn.spi.Settle.of(
                        granted.lease(), dev.cairn.spi.HeadChange.gone(0).build()));
        if (gone instanceof Settled.Done) {
            who.leave(id, granted.lease().incarnation());
        }
        return gone instanceof Settled.Done;
    }

    private static void either(Trial trial, String when, Instance reader, Entry step, Told commit, Told delete) {
        boolean written = StoreOperations.isThere(step, commit.how());
        trial.equal(when + "whether the run was deleted, with the commit " + commit.how(), !written, delete.how());
        String id = step.lease().runId();
        trial.equal(
                when + "the steps are",
                written ? Optional.of(List.of("step-1", "late")) : Optional.empty(),
                reader.find(id).map(Seen::texts));
    }

    /** A commit is late, and its run was deleted and created anew (DEL-06). */
    static void createdAnew(Trial trial) {
        race(trial, "a commit, and meanwhile a delete and a create", (held, other, id) -> {
            Entry step = expiredStep(other, id);
            Revision expected = other.revision(id);
            return new Pair(
                    () -> held.append(step),
                    () -> {
                        if (!removed(other, id, expected)) {
                            return "refused";
                        }
                        Lease anew = other.create(id).lease();
                        other.steps(anew, 1, 1);
                        return anew;
                    },
                    (when, x, y) -> {
                        boolean anew = y.is(Lease.class);
                        boolean written = StoreOperations.isThere(step, x.how());
                        trial.that(anew != written, when + "the commit refused once the run is a new one", x.how());
                        trial.equal(
                                when + "the steps are",
                                anew ? List.of("step-1") : List.of("step-1", "late"),
                                other.read(id).texts());
                    });
        });
    }

    /** A purge, and who reopens the run (RET-05). */
    static void reopened(Trial trial) {
        race(trial, "a purge, and meanwhile a reopening", (held, other, id) -> {
            Purging purging = Purging.of(other, id);
            return new Pair(
                    () -> held.store().erase(List.of(purging.erase())),
                    () -> other.store().acquire(purging.reopen()),
                    (when, x, y) -> oneOf(trial, when, other, id, x, y));
        });
        race(trial, "a reopening, and meanwhile a purge", (held, other, id) -> {
            Purging purging = Purging.of(other, id);
            return new Pair(
                    () -> held.store().acquire(purging.reopen()),
                    () -> other.store().erase(List.of(purging.erase())),
                    (when, x, y) -> oneOf(trial, when, other, id, y, x));
        });
    }

    /** A run that failed, and what two want of it. */
    private record Purging(Erase erase, Acquire reopen) {
        static Purging of(Instance by, String id) {
            by.createEnded(id, RunStatus.FAILED);
            Acquire reopen =
                    Requests.acquire(id, new Acquire.Take(Condition.failed().build()));
            return new Purging(Purge.ended(by.head(id)), reopen);
        }
    }

    private static void oneOf(Trial trial, String when, Instance reader, String id, Told erase, Told reopen) {
        trial.that(reopen.is(Granted.class) || reopen.is(Refused.class), when + "granted or refused", reopen);
        boolean held = reopen.is(Granted.class);
        trial.equal(
                when + "with the reopening " + reopen + " the purge answers whether it erased",
                !held,
                erase.how().equals(List.of(Erased.ERASED)));
        trial.equal(when + "whether the run is there", held, reader.find(id).isPresent());
        if (held) {
            trial.equal(when + "its grants", 2L, RunView.grants(reader, id));
        }
    }

    /** Two claims of the same runs (CLAIM-02). */
    static void claimers(Trial trial) {
        race(trial, "two claims", (held, other, id) -> {
            for (int i = 0; i < 3; i++) {
                Lease lease = other.create(id + "/" + i, Requests.newRun(id, Labels.NONE, RunStatus.READY))
                        .lease();
                other.free(lease);
            }
            List<WorkflowVersions> asked = List.of(new WorkflowVersions(id, 1, Set.of(1)));
            Claim one = new Claim(LeaseId.random(), asked, 2, Requests.LASTING, Requests.grant());
            Claim two = new Claim(LeaseId.random(), asked, 2, Requests.LASTING, Requests.grant());
            return new Pair(() -> held.store().claim(one), () -> other.store().claim(two), (when, x, y) -> {
                List<Granted> all = new ArrayList<>();
                for (Told ended : List.of(x, y)) {
                    trial.is(List.class, when + "claimed runs", ended.how());
                    ((List<?>) ended.how()).forEach(granted -> all.add((Granted) granted));
                }
                List<String> runs =
                        all.stream().map(granted -> granted.lease().runId()).toList();
                trial.equal(when + "claimed twice are", runs.stream().distinct().toList(), runs);
                for (Granted granted : all) {
                    Seen seen = other.read(granted.lease().runId());
                    trial.that(
                            seen.head().isHeldBy(granted.lease()) && seen.fold().isHeldBy(granted.lease()),
                            when + "each claimed run held by who was told so",
                            seen.head());
                }
            });
        });
    }

    /** Two first writers of a key (CACHE-02). */
    static void writers(Trial trial) {
        race(trial, "two first writers of a key", (held, other, id) -> {
            CacheKey key = new CacheKey(id, "k");
            CachePut one = new CachePut(key, Bytes.utf8("one"), CachePut.FOREVER, Existing.KEEP, 100);
            CachePut two = new CachePut(key, Bytes.utf8("two"), CachePut.FOREVER, Existing.KEEP, 100);
            return new Pair(
                    () -> held.cache().cachePut(one), () -> other.cache().cachePut(two), (when, x, y) -> {
                        Object kept = other.cache().cacheGet(key).orElseThrow();
                        trial.that(
                                x.how().equals(kept) && y.how().equals(kept),
                                when + "both told the outcome that is kept",
                                "another one");
                    });
        });
    }
}
