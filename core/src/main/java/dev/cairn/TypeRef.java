// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;

/**
 * The type of a value, also a generic one: {@code new TypeRef<List<Item>>() {}}. Immutable.
 *
 * @param <T> the type
 */
public class TypeRef<T> {
    private final Type type;

    /**
     * Captures the type argument of the anonymous subclass.
     *
     * @throws IllegalArgumentException if there is none, or it is a type variable
     */
    protected TypeRef() {
        if (!(getClass().getGenericSuperclass() instanceof ParameterizedType parameterized)
                || parameterized.getActualTypeArguments()[0] instanceof TypeVariable) {
            throw new IllegalArgumentException(
                    "a TypeRef needs a type that is known here, such as new TypeRef<List<Item>>() {}");
        }
        this.type = parameterized.getActualTypeArguments()[0];
    }

    private TypeRef(Type type) {
        this.type = type;
    }

    /** The type of a class. */
    public static <T> TypeRef<T> of(Class<T> type) {
        return new TypeRef<>(type);
    }

    /** The type. */
    public final Type type() {
        return type;
    }

    @Override
    public final boolean equals(Object other) {
        return other instanceof TypeRef<?> that && type.equals(that.type);
    }

    @Override
    public final int hashCode() {
        return type.hashCode();
    }

    @Override
    public final String toString() {
        return type.getTypeName();
    }
}
