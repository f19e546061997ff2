// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.StoreClosedException;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.Claim;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Facts;
import dev.cairn.spi.Head;
import dev.cairn.spi.Message;
import dev.cairn.spi.PageToken;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Settle;
import dev.cairn.spi.SplitInMemoryStore;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.StepCacheStore;
import dev.cairn.spi.StepCacheStore.CachePut;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** The reference store behind a socket: a call is one request, or, in split form, as many as it is cut into. */
final class ServedStore {
    private static final Set<String> OWN = Set.of("namespace", "hashCode", "equals", "toString");
    private static final Set<String> READS = Set.of("read", "list", "cacheGet", "facts");

    private ServedStore() {}

    /** Each call is one request. */
    static StateStore whole(StateStore store, ServedClient client) {
        Facts.Limits limits = store.facts().limits();
        return guarded(store, client, StepCacheStore.class, (method, args) -> {
            check(store, limits, args);
            if (args != null
                    && args[0] instanceof List<?> list
                    && list.size() == 1
                    && list.get(0) instanceof Entry entry
                    && limits.refusal(entry).isPresent()) {
                return List.of(limits.refusal(entry).get());
            }
            int bytes = 100 + bytes(args);
            return client.call(() -> invoked(store, method, args), bytes, !READS.contains(method.getName()));
        });
    }

    /** Each of the requests that a call is cut into is one. */
    static StateStore split(SplitInMemoryStore store, dev.cairn.spi.StoreOptions options, ServedClient client) {
        ThreadLocal<Boolean> wrote = ThreadLocal.withInitial(() -> false);
        SplitInMemoryStore served = store.reopened(options, new SplitInMemoryStore.Gate() {
            @Override
            public void at(String request, When when) {}

            @Override
            public Object carried(String request, Supplier<Object> send) {
                wrote.set(wrote.get() || !request.startsWith("Read"));
                return client.call(send, 100, wrote.get());
            }

            @Override
            @SuppressWarnings("unchecked")
            public List<Head> heads(Supplier<List<Head>> read) {
                return (List<Head>) client.call(read::get, 100, false);
            }
        });
        Facts.Limits limits = store.facts().limits();
        return guarded(served, client, AutoCloseable.class, (method, args) -> {
            wrote.set(false);
            check(served, limits, args);
            return invoked(served, method, args);
        });
    }

    private interface Sent {
        Object send(Method method, Object[] args);
    }

    private static StateStore guarded(StateStore store, ServedClient client, Class<?> more, Sent sent) {
        AtomicBoolean closed = new AtomicBoolean();
        Class<?>[] types = {StateStore.class, more};
        return (StateStore) Proxy.newProxyInstance(ServedStore.class.getClassLoader(), types, (proxy, method, args) -> {
            String name = method.getName();
            if (name.equals("close")) {
                closed.set(true);
                client.close();
                return null;
            }
            if (OWN.contains(name)) {
                return invoked(store, method, args);
            }
            if (closed.get()) {
                throw new StoreClosedException("the store is closed");
            }
            Object answer = sent.send(method, args);
            return answer instanceof Facts facts
                    ? networked(facts)
                    : method.getReturnType() == void.class ? null : answer;
        });
    }

    private static Facts networked(Facts facts) {
        return new Facts(
                facts.product() + ", served",
                Facts.Nature.NETWORKED,
                facts.tier(),
                facts.limits(),
                facts.fenceTime(),
                facts.abilities(),
                facts.settings(),
                facts.warnings());
    }

    private static void check(StateStore store, Facts.Limits limits, Object[] args) {
        for (Object arg : args == null ? new Object[0] : args) {
            if (arg instanceof Acquire acquire) {
                limits.check(acquire);
            } else if (arg instanceof RunQuery query) {
                query.after().ifPresent(token -> PageToken.decode(token, store.namespace(), query));
            } else if (arg instanceof List<?> list) {
                limits.checkBatch(list.stream()
                        .filter(Entry.class::isInstance)
                        .map(Entry.class::cast)
                        .toList());
            } else if (arg instanceof Claim claim) {
                limits.check(claim);
            } else if (arg instanceof Settle settle) {
                limits.check(settle);
            } else if (arg instanceof Message message) {
                limits.check((String) args[0], message);
            } else if (arg instanceof CachePut put) {
                limits.check(put);
            }
        }
    }

    private static int bytes(Object[] args) {
        int bytes = 0;
        for (Object arg : args == null ? new Object[0] : args) {
            List<?> all = arg instanceof List<?> list ? list : List.of();
            bytes += all.stream()
                    .mapToInt(one -> one instanceof Entry entry ? entry.body().size() : 0)
                    .sum();
        }
        return bytes;
    }

    private static Object invoked(StateStore store, Method method, Object[] args) {
        try {
            return method.invoke(store, args);
        } catch (InvocationTargetException e) {
            throw Thrown.unchecked(e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
