// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.memory.InMemoryStateStore;
import dev.cairn.memory.MovableClock;
import dev.cairn.spi.Facts;
import dev.cairn.spi.Granted;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Settle;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.StepCacheStore;
import dev.cairn.spi.StoreOptions;
import dev.cairn.spi.Tier;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * What a server holds of the reference store, and what of it is safe: on its disk, or on a second server. What is safe is
 * kept as the calls that wrote it, and done again, each at its time, when the rest is lost. A mutant keeps less.
 */
final class Copies {
    private static final Set<String> OWN = Set.of("namespace", "hashCode", "equals", "toString", "close");
    private static final Set<String> READS = Set.of("read", "list", "cacheGet", "facts");

    /** A call that wrote. */
    record Call(Instant at, String storage, StoreOptions options, Method method, List<Object> args) {
        Call with(Object argument) {
            return new Call(at, storage, options, method, List.of(argument));
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final MovableClock clock;
    private Tier best;
    private final List<Call> safe = new ArrayList<>();
    private final List<Call> behind = new ArrayList<>();
    private final Map<String, InMemoryStateStore> live = new HashMap<>();
    private Optional<Instant> replayed = Optional.empty();
    private int lives = 1;
    private boolean isHeld;
    private int late;
    private boolean waits = true;
    private Function<Call, Optional<Call>> kept = Optional::of;
    private Function<String, String> stated = value -> value;
    private final Map<Lease, Call> granted = new HashMap<>();
    private Runnable atStart = () -> {};

    /** Keeps what outlives the end of the server or, with {@code NODE_LOSS}, its loss. */
    Copies(MovableClock clock, Tier best) {
        this.clock = clock;
        this.best = best;
    }

    // --- what mutants do

    /** Acknowledges although so many calls are not safe yet. */
    void late(int calls) {
        late = calls;
    }

    /** States a lower tier. */
    void promises(Tier tier) {
        best = tier;
    }

    /** Acknowledges although the second server is held back. */
    void waitsForNobody() {
        waits = false;
    }

    /** Keeps other calls than those that were done, or none. */
    void keeps(Function<Call, Optional<Call>> other) {
        kept = other;
    }

    /** States another setting than there is. */
    void states(Function<String, String> other) {
        stated = other;
    }

    /** Lets every lease have run out when it starts again. */
    void forgetsLeases() {
        atStart = () -> List.copyOf(granted.entrySet()).forEach(one -> {
            Settle expired = Settle.of(one.getKey(), HeadChange.expired().build());
            open(one.getValue().storage(), one.getValue().options()).settle(expired);
        });
    }

    /** A settle without its entry. */
    static Optional<Call> torn(Call call) {
        return Optional.of(
                call.args().get(0) instanceof Settle settle
                        ? call.with(Settle.of(settle.lease(), settle.change()))
                        : call);
    }

    // --- for servers

    int lives() {
        return lives;
    }

    Map<String, String> settings() {
        return Map.of("log", "flushed");
    }

    /** What is written from now on is on the first server only. */
    void hold(boolean whether) {
        lock.lock();
        try {
            isHeld = whether;
            if (!isHeld) {
                makeSafe(0);
            }
        } finally {
            lock.unlock();
        }
    }

    /** All that is not safe is gone. */
    void lose() {
        lock.lock();
        try {
            behind.clear();
            live.clear();
            isHeld = false;
            lives++;
            for (Call call : safe) {
                replayed = Optional.of(call.at());
                Told.of(() -> done(call)); // it may fail as it did before
            }
            replayed = Optional.empty();
            atStart.run();
        } finally {
            lock.unlock();
        }
    }

    private void makeSafe(int butLast) {
        while (behind.size() > butLast) {
            kept.apply(behind.remove(0)).ifPresent(safe::add);
        }
    }

    // --- for stores

    /** A store on it, as its server sees it. */
    StateStore open(String storage, StoreOptions options) {
        Class<?>[] types = {StateStore.class, StepCacheStore.class};
        return (StateStore) Proxy.newProxyInstance(
                Copies.class.getClassLoader(),
                types,
                (proxy, method, args) -> asked(
                        new Call(clock.instant(), storage, options, method, args == null ? List.of() : List.of(args))));
    }

    private Object asked(Call call) {
        lock.lock();
        try {
            String name = call.method().getName();
            if (name.equals("close")) {
                return "closed";
            }
            Object answer = done(call);
            if (answer instanceof Facts facts) {
                return stated(facts, call.options());
            }
            if (answer instanceof Granted granting) {
                granted.put(granting.lease(), call);
            }
            if (!OWN.contains(name) && !READS.contains(name)) {
                wrote(call);
            }
            return answer;
        } finally {
            lock.unlock();
        }
    }

    private Object done(Call call) {
        InstantSource time = () -> replayed.orElseGet(clock::instant);
        InMemoryStateStore storage =
                live.computeIfAbsent(call.storage(), name -> InMemoryStateStore.open(call.options(), time));
        try {
            return call.method()
                    .invoke(storage.reopened(call.options()), call.args().toArray());
        } catch (InvocationTargetException e) {
            throw Thrown.unchecked(e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private void wrote(Call call) {
        behind.add(call);
        if (!isHeld) {
            makeSafe(late);
        } else if (waits && tier(call.options()) == Tier.NODE_LOSS) {
            throw new OutcomeUnknownException("the wait for the second server was cut off");
        }
    }

    private Tier tier(StoreOptions options) {
        return best == Tier.NODE_LOSS && options.tier() != Tier.NODE_LOSS ? Tier.POWER_LOSS : best;
    }

    private Facts stated(Facts facts, StoreOptions options) {
        TreeMap<String, String> settings = new TreeMap<>(facts.settings());
        settings().forEach((name, value) -> settings.put(name, stated.apply(value)));
        return new Facts(
                facts.product(),
                facts.nature(),
                tier(options),
                facts.limits(),
                facts.fenceTime(),
                facts.abilities(),
                settings,
                List.of());
    }
}
