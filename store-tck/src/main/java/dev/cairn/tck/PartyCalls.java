// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.error.StoreUnavailableException;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Erase;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.Revision;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.StateStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** The calls of a {@link Party}: what it is not told it sends again, and what it saw last it keeps in mind. */
final class PartyCalls {
    private static final int TRIES = 4;
    private static final int PAUSE_NANOS = 50_000;

    /** It was not told what became of a call, however often it asked. */
    static final class GaveUp extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private final StateStore store;
    private final Random random;
    private final Duration ttl;
    private final Weather weather;
    private final Map<String, Revision> known = new HashMap<>();

    PartyCalls(StateStore store, Random random, Duration ttl, Weather weather) {
        this.store = store;
        this.random = random;
        this.ttl = ttl;
        this.weather = weather;
    }

    /** At which revision it saw a run last. */
    Optional<Revision> known(String runId) {
        return Optional.ofNullable(known.get(runId));
    }

    void forget(String runId) {
        known.remove(runId);
    }

    void forgetAll() {
        known.clear();
    }

    /** Sends, and sends again what it was not told. */
    <T> T told(Function<StateStore, T> call) {
        for (int attempt = 0; attempt < TRIES && !(attempt > 0 && weather.isDying()); attempt++) {
            LockSupport.parkNanos(random.nextInt(PAUSE_NANOS)); // so that calls meet where one takes next to no time
            weather.before();
            try {
                T answer = call.apply(store);
                if (!(answer instanceof Appended.Failed)) {
                    return answer;
                }
            } catch (OutcomeUnknownException | StoreUnavailableException again) {
                // The next attempt, if there is one, is told.
            } finally {
                weather.after();
            }
        }
        throw new GaveUp();
    }

    Acquired acquire(String runId, Acquire.Target target) {
        Acquire request = Requests.acquire(runId, target, ttl);
        return told(store -> store.acquire(request));
    }

    /** Of a lease that it goes on with no longer than for what it was taken for. */
    Optional<Hold> granted(Acquired answer) {
        if (!(answer instanceof Granted granted)) {
            return Optional.empty();
        }
        Hold hold = new Hold(granted);
        known.put(hold.lease.runId(), hold.revision);
        return Optional.of(hold);
    }

    Appended append(Entry entry) {
        return told(store -> store.append(List.of(entry)).get(0));
    }

    Settled settle(Settle request) {
        return told(store -> store.settle(request));
    }

    void erase(Erase left) {
        told(store -> store.erase(List.of(left)).get(0));
    }

    Optional<Page> read(String runId) {
        Optional<Page> found = told(store -> store.read(new Read(runId, new Cursor.Start(), 4 << 20)));
        found.ifPresent(page ->
                known.put(runId, Seen.folded(page.head(), page.entries()).revision()));
        return found;
    }
}
