// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.lang.reflect.Method;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Finds clauses that an adopter's class overrides: without the annotation they are no tests any more and would vanish. */
final class Overridden {
    private Overridden() {}

    static List<String> in(Class<?> adopter) {
        Set<Class<?>> types = types(adopter);
        Set<String> clauses = new HashSet<>();
        types.forEach(type ->
                methods(type).filter(Overridden::isClause).map(Method::getName).forEach(clauses::add));
        Set<String> overridden = new TreeSet<>();
        types.forEach(type -> methods(type)
                .filter(method -> !isClause(method) && clauses.contains(method.getName()))
                .map(Method::getName)
                .forEach(overridden::add));
        return List.copyOf(overridden);
    }

    private static boolean isClause(Method method) {
        return method.isAnnotationPresent(Clause.class);
    }

    private static Stream<Method> methods(Class<?> type) {
        return Stream.of(type.getDeclaredMethods()).filter(method -> !method.isSynthetic());
    }

    /** The class, what it extends and what it implements. */
    static Set<Class<?>> types(Class<?> adopter) {
        Set<Class<?>> found = new HashSet<>();
        Deque<Class<?>> open = new ArrayDeque<>(List.of(adopter));
        while (!open.isEmpty()) {
            Class<?> type = open.remove();
            if (found.add(type)) {
                open.addAll(List.of(type.getInterfaces()));
                if (type.getSuperclass() != null) {
                    open.add(type.getSuperclass());
                }
            }
        }
        return found;
    }
}
