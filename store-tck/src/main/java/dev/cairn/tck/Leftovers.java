// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Due;
import dev.cairn.spi.Erase;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Lease;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.StoreOptions;
import dev.cairn.tck.Races.Pair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a restore leaves that dies at any request, and a purge that meets a restore (SNAP-05). */
final class Leftovers {
    private Leftovers() {}

    /** One purge, when the fence time has passed, removes what is left of all of them. */
    static void swept(Trial trial) {
        if (!trial.hasWire()) {
            return;
        }
        StoreOptions options = trial.options()
                .namespace(Storages.freshName())
                .fenceTime(Purge.FENCE_TIME)
                .build();
        Instance other = trial.open("other", options);
        Wired dying = trial.wired("dying", options);
        long before = Purge.objects(trial, other);
        List<String> runs = new ArrayList<>();
        for (Fault fault : List.of(Fault.CUT_BEFORE, Fault.CUT_AFTER)) {
            for (int request = 1; isCut(trial, dying, other, fault, request, runs); request++) {
                trial.explored(1);
            }
        }
        trial.pass(Purge.FENCE_TIME.plusMillis(20));
        other.purge(Duration.ofDays(1), 100);

        for (String id : runs) {
            List<String> texts = other.read(id).texts();
            trial.that(texts.equals(Restore.OLD) || texts.equals(Restore.NEW), id + ": old or new steps", texts);
            trial.equal(
                    id + ": named beside it after one purge are",
                    Map.of(),
                    other.head(id).beside());
        }
        runs.forEach(other::delete);
        trial.pass(Purge.FENCE_TIME.plusMillis(20));
        other.purge(Duration.ofDays(1), 100);
        trial.equal("objects stored in the end:", before, Purge.objects(trial, other));
        trial.tried("the death of who restores at " + runs.size() + " requests", runs.size());
    }

    private static boolean isCut(
            Trial trial, Wired dying, Instance other, Fault fault, int request, List<String> runs) {
        String id = trial.freshRun("restored");
        old(other, id);
        Restore restore = new Restore(dying.who(), id, other.revision(id), Restore.NEW);
        dying.wire().armFrom(request, fault);
        Told.of(() -> {
            restore.all();
            return "restored";
        });
        boolean met = dying.wire().disarm() >= request;
        other.head(id).standing().ifPresent(other::expire);
        runs.add(id);
        return met;
    }

    private static void old(Instance by, String id) {
        Lease lease = by.create(id).lease();
        by.steps(lease, 1, Restore.OLD.size());
        by.free(lease);
    }

    /** Either is held at every request, and the other does its part. */
    static void raced(Trial trial) {
        if (!trial.hasWire()) {
            return;
        }
        StoreOptions brief = trial.options()
                .namespace(Storages.freshName())
                .fenceTime(Duration.ofMillis(1))
                .build();
        new Races(trial, trial.wired("A", brief), trial.open("B", brief))
                .explore("a restore, and meanwhile a purge", (held, other, id) -> {
                    leftBehind(trial, other, id);
                    return new Pair(
                            () -> finished(held, begun(held, id)),
                            () -> swept(other, id),
                            (when, x, y) -> unharmed(trial, when, other, id, x, y));
                })
                .explore("a purge, and meanwhile half a restore", (held, other, id) -> {
                    leftBehind(trial, other, id);
                    return new Pair(() -> swept(held, id), () -> begun(other, id), (when, x, y) -> {
                        Told finished = Told.of(() -> finished(other, y.how()));
                        unharmed(trial, when, other, id, finished, x);
                    });
                })
                .done();
    }

    /** A run with what an earlier restore left, for longer than the fence time. */
    private static void leftBehind(Trial trial, Instance by, String id) {
        old(by, id);
        Lease mover = Instance.granted(by.acquireAt(id, by.revision(id))).lease();
        Incarnation beside = Incarnation.random();
        Instance.done(
                by.store().settle(Settle.of(mover, HeadChange.naming(beside).build())));
        by.append(Requests.firstEntry(mover.over(beside)));
        Instance.done(by.store().settle(Settle.of(mover, HeadChange.freed().build())));
        trial.pass(Duration.ofMillis(4));
    }

    /** A restore that has its lease, and has begun to write beside the run. */
    private record Begun(Lease lease, Incarnation next) {}

    /** The first half of a restore, as core does it; what refused it. */
    private static Object begun(Instance who, String id) {
        if (!(who.acquireAt(id, who.revision(id)) instanceof Granted granted)) {
            return "not granted";
        }
        Incarnation next = Incarnation.random();
        Settled named = who.store()
                .settle(Settle.of(granted.lease(), HeadChange.naming(next).build()));
        if (!(named instanceof Settled.Done)) {
            return named;
        }
        who.append(Requests.firstEntry(granted.lease().over(next)));
        return new Begun(granted.lease(), next);
    }

    /** The rest of it. */
    private static Object finished(Instance who, Object half) {
        if (!(half instanceof Begun begun)) {
            return half;
        }
        Lease beside = begun.lease().over(begun.next());
        for (int i = 0; i < Restore.NEW.size(); i++) {
            who.step(beside, i + 1L, Restore.NEW.get(i));
        }
        return who.store()
                .settle(Settle.of(
                        begun.lease(),
                        HeadChange.ready(Due.now()).switchingTo(begun.next(), 0).build()));
    }

    /** What a purge does about this run alone. */
    private static Object swept(Instance who, String id) {
        List<Head> listed = who.listed(RunQuery.all().prefix(id).among(RunQuery.Among.SWEEPABLE)).stream()
                .filter(head -> head.runId().equals(id))
                .toList();
        List<Erase> fences = new ArrayList<>();
        listed.stream().filter(head -> head.lease().isEmpty()).forEach(head -> fences.add(Purge.fences(head)));
        return fences.isEmpty() ? "nothing to sweep" : who.store().erase(fences);
    }

    private static void unharmed(Trial trial, String when, Instance reader, String id, Told restore, Told purge) {
        trial.that(!(purge.how() instanceof Throwable), when + "the purge to end", purge);
        boolean refused = restore.how().equals("not granted");
        trial.that(
                refused || restore.is(Settled.Done.class),
                when + "a restore that was granted the run to be done, whatever is purged",
                restore);
        Seen seen = reader.read(id);
        trial.equal(when + "the steps are", refused ? Restore.OLD : Restore.NEW, seen.texts());
        Granted next = trial.is(Granted.class, when + "the run granted to the next worker", reader.acquire(id));
        trial.equal(
                when + "handed over are", seen.entries(), next.page().entries().subList(0, (int) seen.length()));
    }
}
