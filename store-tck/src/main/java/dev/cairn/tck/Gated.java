// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.StateStore;
import dev.cairn.spi.StepCacheStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;

/** A store at whose every call a gate is asked, before and after it: an engine's requests, counted or cut. */
final class Gated {
    /** Not sent to anybody. */
    private static final Set<String> OWN = Set.of("namespace", "facts", "close", "toString", "hashCode", "equals");

    private Gated() {}

    /** With the step cache of the store, if it keeps one. */
    static StateStore store(StateStore store, Splitting.Gate gate) {
        Class<?>[] types = store instanceof StepCacheStore
                ? new Class<?>[] {StateStore.class, StepCacheStore.class}
                : new Class<?>[] {StateStore.class};
        return (StateStore) Proxy.newProxyInstance(
                Gated.class.getClassLoader(), types, (proxy, method, args) -> call(store, gate, method, args));
    }

    private static Object call(StateStore store, Splitting.Gate gate, Method method, Object[] args) throws Throwable {
        boolean asked = !OWN.contains(method.getName());
        if (asked) {
            gate.before(method.getName());
        }
        Object answer;
        try {
            answer = method.invoke(store, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
        if (asked) {
            gate.after(method.getName());
        }
        return answer;
    }
}
