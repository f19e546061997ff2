// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Ability;
import dev.cairn.spi.Facts;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.StoreOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicLong;

/** One clause on one store: opens it, as often as there are processes, compares, and counts what was compared. */
final class Trial implements AutoCloseable {
    private final Storages storages;
    private final String storage;
    private final String namespace = Storages.freshName();
    private final Random random;
    private final Facts facts;
    private final Deeds deeds = new Deeds();
    private final List<StateStore> opened = new CopyOnWriteArrayList<>();
    private final AtomicLong checks = new AtomicLong();
    private final AtomicLong runs = new AtomicLong();
    private final List<String> tried = new CopyOnWriteArrayList<>();
    private final List<Route> routes = new CopyOnWriteArrayList<>();
    private final List<StoreStandby> pairs = new CopyOnWriteArrayList<>();
    private final boolean hasWire;
    private final List<Child> children = new CopyOnWriteArrayList<>();
    private volatile boolean refused;
    private volatile Optional<String> unknown = Optional.empty();

    Trial(Storages storages, String storage, Random random, Facts facts, boolean hasWire) {
        this.storages = storages;
        this.storage = storage;
        this.random = random;
        this.facts = facts;
        this.hasWire = hasWire;
    }

    // --- stores

    /** Opens the storage as a process of this name. */
    Instance open(String name) {
        return open(name, options().build());
    }

    /** Opens the storage with these options: {@link #options()}, changed. */
    Instance open(String name, StoreOptions options) {
        return open(name, storage, options);
    }

    /** Opens a storage that may be empty: {@link Storages#freshName()}. */
    Instance open(String name, String otherStorage, StoreOptions options) {
        StateStore store = storages.open(otherStorage, options);
        opened.add(store);
        return new Instance(this, name, LoggedStore.of(store, name, deeds), otherStorage, options);
    }

    /** Whether a wire can be had, so that the parts of a clause that need one are tried. */
    boolean hasWire() {
        return hasWire;
    }

    /** Whether locks can be held from outside, so that the parts of a clause that need it are tried. */
    boolean hasLocks() {
        return Need.LOCK.fits(facts.nature()) && harness().gives(Need.LOCK);
    }

    /** The database's own locks; only where they can be held. */
    StoreLocks locks() {
        return harness().locks().orElseThrow();
    }

    /** Opens the storage as a process of this name, over a wire. */
    Wired wired(String name) {
        return wired(name, storage, options().build());
    }

    Wired wired(String name, StoreOptions options) {
        return wired(name, storage, options);
    }

    /** Opens a storage with these options over a wire. */
    Wired wired(String name, String otherStorage, StoreOptions options) {
        Route route = route();
        return new Wired(open(name, otherStorage, options, route), route.wire());
    }

    /** A way over a wire, before anything is opened over it. */
    Route route() {
        Route route = new Route(harness().housekeeping());
        routes.add(route);
        return route;
    }

    /** Opens a storage over this route. */
    Instance open(String name, String otherStorage, StoreOptions options, Route route) {
        StateStore store = storages.open(otherStorage, options, route);
        opened.add(store);
        return new Instance(this, name, LoggedStore.of(store, name, deeds), otherStorage, options);
    }

    /** Whether a server may be ended, so that the parts of a clause that need one are tried. */
    boolean hasServer() {
        return Need.SERVER.fits(facts.nature())
                && harness().gives(Need.SERVER)
                && storages.servers().problem().isEmpty();
    }

    /** The server that may be ended; only where there is one. */
    StoreServer server() {
        return storages.servers().server();
    }

    /** Two servers of this trial's own, which closes them; only in clauses that are listed with it. */
    StoreStandby standby() {
        StoreStandby pair = harness().standby().orElseThrow().get();
        pairs.add(pair);
        return pair;
    }

    /** Opens this trial's storage elsewhere: on a server that may be ended. */
    Instance open(String name, StoreOpener elsewhere, StoreOptions options) {
        StateStore store = storages.open(elsewhere, storage, options);
        opened.add(store);
        return new Instance(this, name, LoggedStore.of(store, name, deeds), storage, options);
    }

    /** The same, so that the store creates nothing; only in clauses that are listed with it. */
    Instance openVerifying(String name, String otherStorage, StoreOptions options, Route route) {
        StateStore store = storages.open(harness().verifyOnly().orElseThrow(), otherStorage, options, route);
        opened.add(store);
        return new Instance(this, name, LoggedStore.of(store, name, deeds), otherStorage, options);
    }

    /** Whether child processes can be had, so that the parts of a clause that need them are tried. */
    boolean hasChild() {
        return has(Need.CHILD);
    }

    /** The same of child processes with a wrong clock. */
    boolean hasSkew() {
        return has(Need.SKEW);
    }

    private boolean has(Need need) {
        return need.fits(facts.nature())
                && harness().gives(need)
                && storages.children().problem(need).isEmpty();
    }

    /** Starts a process that opens the storage; only where one can be had. The trial ends it. */
    Child child(ChildJvm jvm) {
        return child(jvm, options().build());
    }

    Child child(ChildJvm jvm, StoreOptions options) {
        Child child = storages.children().start(storage, options, jvm);
        children.add(child);
        return child;
    }

    /** What a child has opened; waits for it. */
    Instance inside(String name, Child child) {
        return new Instance(this, name, LoggedStore.of(child.store(), name, deeds), storage, child.options());
    }

    /** Opens the storage with connections that are inside a transaction; only in clauses that are listed with it. */
    Instance openInsideTransaction(String name) {
        StoreOptions options = options().build();
        StateStore store = storages.open(harness().insideTransaction().orElseThrow(), storage, options);
        opened.add(store);
        return new Instance(this, name, LoggedStore.of(store, name, deeds), storage, options);
    }

    /** Patient where it waits for a lock, so that a slow machine fails no clause about something else. */
    StoreOptions.Builder options() {
        return StoreOptions.builder().namespace(namespace).lockBound(Duration.ofSeconds(20));
    }

    /** The three who may repeat or read: the same instance, another one, and one opened after that was closed. */
    List<Instance> sameOtherReopened(Instance same) {
        Instance other = open("other");
        Instance closed = open("closed");
        closed.close();
        return List.of(same, other, open("reopened"));
    }

    /** Where a store is opened, for raw access. */
    StoreEnv env(Instance instance) {
        return storages.env(instance.storage(), instance.options());
    }

    /** The same of a storage that nobody has opened yet. */
    StoreEnv env(String otherStorage) {
        return storages.env(otherStorage, options().build());
    }

    /** A store that has a storage of its own; the trial closes it. */
    Instance opened(String name, StateStore store, StoreOptions options) {
        opened.add(store);
        return new Instance(this, name, LoggedStore.of(store, name, deeds), Storages.freshName(), options);
    }

    StoreHarness harness() {
        return storages.harness();
    }

    /** Raw access; only in clauses that are listed with it. */
    RawStorage raw() {
        return harness().raw().orElseThrow();
    }

    Facts facts() {
        return facts;
    }

    // --- time and chance

    /** Lets time pass by the store's clock: moves it, or waits. */
    void pass(Duration time) {
        deeds.add(time.toMillis() + " ms passed");
        if (harness().clock().isPresent()) {
            harness().clock().get().move(time);
            return;
        }
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the kit was interrupted while it waited", e);
        }
    }

    Random random() {
        return random;
    }

    /** Does all of it at the same moment, each on a thread of its own; what they answered, in order. */
    <T> List<T> atOnce(List<? extends Callable<T>> calls) {
        ExecutorService threads = Executors.newFixedThreadPool(calls.size());
        Phaser ready = new Phaser(calls.size());
        try {
            List<Future<T>> started = new ArrayList<>();
            for (Callable<T> call : calls) {
                started.add(threads.submit(() -> {
                    ready.arriveAndAwaitAdvance();
                    return call.call();
                }));
            }
            List<T> answers = new ArrayList<>();
            for (Future<T> one : started) {
                answers.add(one.get());
            }
            return answers;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the kit was interrupted while it waited", e);
        } catch (ExecutionException e) {
            throw Thrown.unchecked(Objects.requireNonNullElse(e.getCause(), e));
        } finally {
            threads.shutdownNow();
        }
    }

    // --- comparing

    /** Says in words what happened, for the report. */
    void did(String deed) {
        deeds.add(deed);
    }

    /**
     * Fails unless it holds.
     *
     * @param expected in words
     * @param got what there is instead; never a payload
     */
    void that(boolean holds, String expected, Object got) {
        checks.incrementAndGet();
        if (!holds) {
            throw new ClauseFailed(expected, Words.of(got));
        }
    }

    /** Fails unless both are equal. */
    void equal(String what, Object expected, Object got) {
        that(Objects.equals(expected, got), what + " " + Words.of(expected), got);
    }

    /** Fails unless the answer is of this type. */
    <T> T is(Class<T> type, String expected, Object got) {
        that(type.isInstance(got), expected, got);
        return type.cast(got);
    }

    /** Fails unless it throws this. */
    <E extends Throwable> E throwing(Class<E> type, String expected, Callable<?> call) {
        checks.incrementAndGet();
        Object answer;
        try {
            answer = call.call();
        } catch (Throwable thrown) {
            if (type.isInstance(thrown)) {
                return type.cast(thrown);
            }
            ClauseFailed failed = new ClauseFailed(expected, Thrown.name(thrown));
            failed.initCause(thrown);
            throw failed;
        }
        throw new ClauseFailed(expected, Words.of(answer));
    }

    /** The id of a run that nothing was done to in this trial. */
    String freshRun(String beginning) {
        return beginning + "-" + runs.incrementAndGet();
    }

    /** Says how many points were tried of what was found by running. */
    void tried(String what, long points) {
        explored(points);
        tried.add(what);
    }

    /** What was tried at points that were found by running. */
    List<String> tried() {
        return List.copyOf(tried);
    }

    /** Counts points that were explored without a comparison of their own. */
    void explored(long points) {
        checks.addAndGet(points);
    }

    /** Whether the harness declares an ability. */
    boolean declares(Ability ability) {
        return harness().abilities().contains(ability);
    }

    /** The clause is about an ability that is not declared, and was refused. */
    void refusedOk() {
        refused = true;
    }

    /** The clause could not find out whether it holds, and why not; nothing that it found was wrong. */
    void inconclusive(String reason) {
        unknown = Optional.of(reason);
    }

    // --- for the run of the kit

    /** Why it is not known whether the clause holds. */
    Optional<String> unknown() {
        return unknown;
    }

    boolean isRefusedOk() {
        return refused;
    }

    long checks() {
        return checks.get();
    }

    Deeds deeds() {
        return deeds;
    }

    @Override
    public void close() {
        children.forEach(Child::close);
        routes.forEach(route -> route.wire().mend());
        opened.forEach(StateStore::close);
        routes.forEach(Route::close);
        pairs.forEach(StoreStandby::close);
    }
}
