// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.memory.MovableClock;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.Tier;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** A {@link Served} that is ended and started, alone or with a second one behind it. */
final class ServedServer implements StoreServer, StoreStandby {
    private final Copies copies;
    private final Served served = Served.start();
    private final UnaryOperator<StateStore> wrapper;

    private ServedServer(MovableClock clock, Tier best, Function<Copies, UnaryOperator<StateStore>> wrong) {
        this.copies = new Copies(clock, best);
        this.wrapper = wrong.apply(copies);
    }

    /** The reference store behind a socket, with a server to end and a pair of them. */
    static StoreHarness harness(Function<Copies, UnaryOperator<StateStore>> wrong) {
        MovableClock clock = MovableClock.create();
        return ServedHarness.whole(UnaryOperator.identity(), clock)
                .server(() -> new ServedServer(clock, Tier.SERVER_CRASH, wrong))
                .standby(() -> new ServedServer(clock, Tier.NODE_LOSS, wrong));
    }

    /** A right one. */
    static StoreServer alone(MovableClock clock) {
        return new ServedServer(clock, Tier.SERVER_CRASH, copies -> UnaryOperator.identity());
    }

    @Override
    public StateStore open(StoreEnv env) {
        InetSocketAddress address = served.address();
        ServedClient client = new ServedClient(
                served, env.route(address.getHostString(), address.getPort()), ServedClient.Habit.NONE);
        return wrapper.apply(ServedStore.whole(copies.open(env.storage(), env.options()), client));
    }

    @Override
    public void kill() {
        served.kill();
        copies.lose();
    }

    @Override
    public void start() {
        served.restart();
    }

    @Override
    public String identity() {
        return "life " + copies.lives();
    }

    @Override
    public Map<String, String> settings() {
        return copies.settings();
    }

    @Override
    public void holdBack() {
        copies.hold(true);
    }

    @Override
    public void letGo() {
        copies.hold(false);
    }

    @Override
    public void failOver() {
        kill();
        start();
    }

    @Override
    public void close() {
        served.kill();
    }
}
