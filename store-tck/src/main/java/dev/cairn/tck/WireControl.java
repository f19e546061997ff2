// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Due;
import dev.cairn.spi.Erase;
import dev.cairn.spi.Granted;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Read;
import dev.cairn.spi.Renewal;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Settle;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.StoreOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** Whether the wire is in the path of every request (META-03): what is held or cut on it proves nothing otherwise. */
final class WireControl {
    private WireControl() {}

    /** What is wrong with it, if anything is. */
    static Optional<String> problem(Storages storages, String storage) {
        StoreOptions options =
                StoreOptions.builder().namespace(Storages.freshName()).build();
        try (Route route = new Route(storages.harness().housekeeping());
                StateStore store = storages.open(storage, options, route)) {
            try {
                return problem(store, route.wire());
            } finally {
                route.wire().mend();
            }
        }
    }

    private static Optional<String> problem(StateStore store, Wire wire) {
        long before = wire.requests();
        if (!(store.acquire(Requests.acquire("meta", new Acquire.Create(Requests.newRun())))
                instanceof Granted granted)) {
            return Optional.of("[META-03] the store does not create a run over the kit's proxy");
        }
        if (wire.connections() == 0) {
            return Optional.of("[META-03] the store was opened past the kit's proxy: where env.isRouted() says so,"
                    + " connect to what env.route(…) answers");
        }
        if (wire.requests() == before) {
            return Optional.of(
                    "[META-03] a run was created and the kit's proxy saw no request of it; make every"
                            + " connection through env.route(…), and see that housekeeping(…) does not take requests for its own");
        }
        wire.refuse();
        List<String> past = past(store, granted.lease());
        return past.isEmpty()
                ? Optional.empty()
                : Optional.of("[META-03] with the kit's proxy closed these were answered all the same: "
                        + String.join(", ", past) + "; make every connection through env.route(…)");
    }

    /** Which methods reach the storage although the wire is down. */
    private static List<String> past(StateStore store, Lease lease) {
        Map<String, FutureTask<Boolean>> asked = new LinkedHashMap<>();
        calls(store, lease).forEach((name, call) -> {
            FutureTask<Boolean> task = new FutureTask<>(() -> isAnswered(call));
            asked.put(name, task);
            WireProxy.daemon("cairn-tck-meta-03", task);
        });
        return asked.entrySet().stream()
                .filter(one -> isTrue(one.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Whatever is thrown, it was not answered. */
    private static boolean isAnswered(Callable<?> call) {
        return !(Told.of(call).how() instanceof Throwable);
    }

    private static boolean isTrue(FutureTask<Boolean> task) {
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the kit was interrupted while it waited", e);
        } catch (java.util.concurrent.ExecutionException e) {
            throw Thrown.unchecked(java.util.Objects.requireNonNullElse(e.getCause(), e));
        }
    }

    private static Map<String, Callable<?>> calls(StateStore store, Lease lease) {
        Acquire create = Requests.acquire("past", new Acquire.Create(Requests.newRun()));
        Map<String, Callable<?>> calls = new LinkedHashMap<>();
        calls.put("read", () -> store.read(new Read("meta", new Cursor.Start(), 1024)));
        calls.put("list", () -> store.list(RunQuery.all().limit(1).build()));
        calls.put("acquire", () -> store.acquire(create));
        calls.put("append", () -> unlessFailed(store, lease));
        calls.put("renew", () -> store.renew(List.of(new Renewal(lease, Requests.LASTING, ""))));
        calls.put("signal", () -> store.signal("meta", Requests.message("m", "n")));
        calls.put("claim", () -> store.claim(Requests.claim(1)));
        calls.put("erase", () -> store.erase(List.of(new Erase.Leftover("meta", Incarnation.random()))));
        calls.put(
                "settle",
                () -> store.settle(Settle.of(lease, HeadChange.ready(Due.now()).build())));
        return calls;
    }

    private static Object unlessFailed(StateStore store, Lease lease) {
        return Operation.orThrown(
                store.append(List.of(Requests.step(lease, 1, "one"))).get(0));
    }
}
