// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Due;
import dev.cairn.spi.Erase;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Refused;
import dev.cairn.spi.Revision;
import dev.cairn.spi.RunPage;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.StepCacheStore.CacheKey;
import dev.cairn.spi.StepCacheStore.CachePut;
import dev.cairn.spi.StepCacheStore.Existing;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** In lock-step: who deletes, restores, signals, looks and purges, and the step cache. */
final class LockStepOutside {
    private final Instance store;
    private final LockStepKnown known;

    LockStepOutside(Instance store, LockStepKnown known) {
        this.store = store;
        this.known = known;
    }

    private Acquired replacing(String runId, Random random) {
        Optional<Seen> seen = store.find(runId);
        Condition.Builder condition = Condition.openOrEnded();
        int expects = random.nextInt(4);
        seen.ifPresent(now -> condition.at(
                new Revision(now.revision().incarnation(), now.revision().count() + expects / 3)));
        return store.store().acquire(LockStepDraws.acquire(runId, new Acquire.Take(condition.build()), random));
    }

    String delete(String runId, Random random) {
        Acquired answer = replacing(runId, random);
        if (!(answer instanceof Granted mover)) {
            return LockStepWords.of((Refused) answer);
        }
        return finish(mover, HeadChange.gone(seenSignals(mover, random)).build());
    }

    private static long seenSignals(Granted mover, Random random) {
        return mover.page().head().signals() + (random.nextInt(5) == 0 ? 1 : 0);
    }

    String restore(String runId, Random random) {
        Acquired answer = replacing(runId, random);
        if (!(answer instanceof Granted mover)) {
            return LockStepWords.of((Refused) answer);
        }
        Incarnation next = new Incarnation(LockStepDraws.id(random));
        String named = LockStepWords.of(store.store()
                .settle(Settle.of(mover.lease(), HeadChange.naming(next).build())));
        Lease beside = mover.lease().over(next);
        List<String> written = new ArrayList<>();
        written.add(Words.of(store.append(Requests.firstEntry(beside))));
        for (long place = 1; place < 4; place++) {
            written.add(Words.of(store.step(beside, place, "restored " + place)));
        }
        HeadChange change = random.nextInt(3) == 0
                ? HeadChange.expired().build()
                : HeadChange.ready(Due.now())
                        .switchingTo(next, seenSignals(mover, random))
                        .build();
        return named + " " + written + " " + finish(mover, change);
    }

    /** Settles under a mover's lease; refused, it lets its lease run out. */
    private String finish(Granted mover, HeadChange change) {
        String runId = mover.lease().runId();
        String token = known.token(mover.lease());
        known.retire(runId);
        Settled answer = store.store().settle(Settle.of(mover.lease(), change));
        String words = LockStepWords.of(answer);
        if (!(answer instanceof Settled.Done)) {
            store.expire(mover.lease());
        } else if (change.hold() == HeadChange.Hold.FREE) {
            store.leave(runId, mover.lease().incarnation());
            change.switchTo().ifPresent(next -> known.uses(runId, next));
        }
        return token + ", " + words;
    }

    String signal(String runId, Random random) {
        return store.signal(runId, LockStepDraws.message(random)).toString();
    }

    String read(String runId) {
        Optional<Seen> seen = store.find(runId);
        Instant now = store.store().list(RunQuery.all().limit(1).build()).storeTime();
        return seen.map(each -> LockStepWords.of(each, each.head().isLeased(now)))
                .orElse("absent");
    }

    String list(Random random) {
        RunQuery.Builder query = RunQuery.all().limit(1 + random.nextInt(4));
        switch (random.nextInt(6)) {
            case 0 -> query.workflow("a");
            case 1 -> query.label("l", "v1");
            case 2 -> query.prefix("r");
            case 3 -> query.status(RunStatus.COMPLETED, RunStatus.FAILED);
            case 4 -> query.among(RunQuery.Among.SWEEPABLE);
            default -> query.unchangedFor(Duration.ZERO);
        }
        List<Head> found = new ArrayList<>();
        for (Optional<String> next = Optional.of(""); next.isPresent() && found.size() < 100; ) {
            next.filter(token -> !token.isEmpty()).ifPresent(query::after);
            RunPage page = store.store().list(query.build());
            found.addAll(page.runs());
            next = page.next();
        }
        return "listed " + found.stream().map(Head::runId).sorted().toList() + (isOrdered(found) ? "" : " in no order");
    }

    private static boolean isOrdered(List<Head> heads) {
        for (int i = 1; i < heads.size(); i++) {
            int created = heads.get(i - 1).created().compareTo(heads.get(i).created());
            if (created < 0
                    || (created == 0
                            && heads.get(i - 1).runId().compareTo(heads.get(i).runId()) >= 0)) {
                return false;
            }
        }
        return true;
    }

    String erase(String runId, Random random) {
        List<Incarnation> used = known.used(runId);
        Incarnation left =
                used.isEmpty() ? new Incarnation(LockStepDraws.id(random)) : used.get(random.nextInt(used.size()));
        Incarnation last = used.isEmpty() ? left : used.get(used.size() - 1);
        Optional<Head> head = store.find(runId).map(Seen::head);
        long wrong = random.nextInt(3) == 0 ? 1 : 0;
        Erase erase = switch (random.nextInt(3)) {
            case 0 -> new Erase.Leftover(runId, left);
            case 1 ->
                head.<Erase>map(h -> new Erase.Ended(runId, h.incarnation(), h.token() + wrong, h.changed()))
                        .orElse(new Erase.Ended(runId, last, 1, LockStepDraws.LATER));
            default ->
                head.<Erase>map(h -> new Erase.Fences(runId, h.incarnation(), h.token() + wrong, h.changed()))
                        .orElse(new Erase.Fences(runId, left, 1, LockStepDraws.LATER));
        };
        String answer = erase.getClass().getSimpleName()
                + (head.isPresent() ? " of it: " : " of what is gone: ")
                + store.store().erase(List.of(erase)).get(0);
        if (store.find(runId).isEmpty()) {
            known.retire(runId);
        }
        return answer;
    }

    /** Only where there is one. */
    String cache(Random random) {
        CacheKey key = new CacheKey("s" + random.nextInt(2), "k" + random.nextInt(4));
        Existing existing = random.nextBoolean() ? Existing.KEEP : Existing.REPLACE;
        switch (random.nextInt(6)) {
            case 0 -> store.cache().cacheDelete(key);
            case 1 -> store.cache().cacheClear(key.scope());
            case 2, 3 -> {
                Bytes outcome = Bytes.utf8("v" + random.nextInt());
                CachePut put = new CachePut(key, outcome, Requests.LASTING, existing, 1000);
                return "stands " + store.cache().cachePut(put).hashCode();
            }
            default -> {
                return "cached "
                        + store.cache().cacheGet(key).map(Bytes::hashCode).orElse(0);
            }
        }
        return "removed";
    }
}
