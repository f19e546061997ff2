// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.memory.InMemoryStateStore;
import dev.cairn.memory.MovableClock;
import dev.cairn.spi.Ability;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.RunPage;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.SplitInMemoryStore;
import dev.cairn.spi.StateStore;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The reference store behind a socket, as the kit opens it. */
final class ServedHarness {
    private ServedHarness() {}

    /** With something between the kit and each store that is opened. */
    static StoreHarness whole(UnaryOperator<StateStore> wrapper) {
        return whole(wrapper, MovableClock.create());
    }

    static StoreHarness whole(UnaryOperator<StateStore> wrapper, MovableClock clock) {
        return whole(wrapper, LockedStore::new, clock, ServedClient.Habit.NONE);
    }

    /** What stands in the server, between its locks and what is stored. */
    interface Locking {
        StateStore over(StateStore store, ServedLocks locks, StoreEnv env);
    }

    /** With something on either side of the socket. */
    static StoreHarness whole(UnaryOperator<StateStore> wrapper, Locking locking) {
        return whole(wrapper, locking, MovableClock.create(), ServedClient.Habit.NONE);
    }

    /** Whose clients treat their connections so. */
    static StoreHarness keeping(ServedClient.Habit habit) {
        return whole(UnaryOperator.identity(), LockedStore::new, MovableClock.create(), habit);
    }

    private static StoreHarness whole(
            UnaryOperator<StateStore> wrapper, Locking locking, MovableClock clock, ServedClient.Habit habit) {
        Served served = Served.start();
        Map<String, InMemoryStateStore> storages = new ConcurrentHashMap<>();
        Function<StoreEnv, StateStore> stores =
                env -> storages.computeIfAbsent(env.storage(), storage -> InMemoryStateStore.open(env.options(), clock))
                        .reopened(env.options());
        ServedLocks locks = new ServedLocks(stores);
        return StoreHarness.named("memory-served")
                .opens(env -> wrapper.apply(
                        ServedStore.whole(locking.over(stores.apply(env), locks, env), client(served, env, habit))))
                .sendsNoDdl()
                .clock(clock::advance)
                .locks(locks)
                .declares(Ability.STEP_CACHE);
    }

    /** In split form. */
    static StoreHarness split(UnaryOperator<StateStore> wrapper) {
        MovableClock clock = MovableClock.create();
        Served served = Served.start();
        Map<String, SplitInMemoryStore> storages = new ConcurrentHashMap<>();
        return StoreHarness.named("memory-served-split")
                .opens(env -> wrapper.apply(ServedStore.split(
                        storages.computeIfAbsent(
                                env.storage() + "/" + env.namespace(),
                                storage -> SplitInMemoryStore.open(env.options(), clock)),
                        env.options(),
                        client(served, env))))
                .sendsNoDdl()
                .clock(clock::advance);
    }

    /** One that does not go where the kit says. */
    static StoreHarness past() {
        return one((store, served, env) ->
                ServedStore.whole(store, new ServedClient(served, served.address(), ServedClient.Habit.NONE)));
    }

    /** One that reads over connections of its own. */
    static StoreHarness readingPast() {
        return one((store, served, env) -> {
            ServedClient past = new ServedClient(served, served.address(), ServedClient.Habit.NONE);
            StateStore reads = ServedStore.whole(store, past);
            return new Wrong(ServedStore.whole(store, client(served, env))) {
                @Override
                public Optional<Page> read(Read request) {
                    return reads.read(request);
                }

                @Override
                public RunPage list(RunQuery query) {
                    return reads.list(query);
                }
            };
        });
    }

    private interface Opening {
        StateStore open(StateStore store, Served served, StoreEnv env);
    }

    private static StoreHarness one(Opening opening) {
        Served served = Served.start();
        InMemoryStateStore storage = InMemoryStateStore.open();
        return StoreHarness.named("memory-served")
                .opens(env -> opening.open(storage.reopened(env.options()), served, env))
                .declares(Ability.STEP_CACHE);
    }

    private static ServedClient client(Served served, StoreEnv env) {
        return client(served, env, ServedClient.Habit.NONE);
    }

    private static ServedClient client(Served served, StoreEnv env, ServedClient.Habit habit) {
        InetSocketAddress address = served.address();
        return new ServedClient(served, env.route(address.getHostString(), address.getPort()), habit);
    }
}
