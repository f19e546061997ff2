// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.memory.InMemoryStateStore;
import dev.cairn.memory.MovableClock;
import dev.cairn.spi.Ability;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The reference store, served to this process and to its children. */
final class ChildHarness {
    private ChildHarness() {}

    static StoreHarness create(ChildWrong wrong) {
        MovableClock clock = MovableClock.create();
        Served served = Served.start();
        Map<String, InMemoryStateStore> storages = new ConcurrentHashMap<>();
        ChildServer server = ChildServer.start(
                (storage, options) -> storages.computeIfAbsent(storage, one -> InMemoryStateStore.open(options, clock))
                        .reopened(options));
        return StoreHarness.named("memory-served-to-children")
                .opens(env -> wrong.over(
                        ServedStore.whole(
                                storages.computeIfAbsent(
                                                env.storage(), one -> InMemoryStateStore.open(env.options(), clock))
                                        .reopened(env.options()),
                                new ServedClient(served, served.address())),
                        env))
                .opensInChild(
                        ServedChild.class,
                        Map.of(ServedChild.PORT, String.valueOf(server.port()), ServedChild.WRONG, wrong.name()))
                .clock(clock::advance)
                .declares(Ability.STEP_CACHE);
    }
}
