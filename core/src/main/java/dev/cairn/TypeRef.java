// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;

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
     * @throws IllegalArgumentException if there is none, or a type variable is part of it
     */
    protected TypeRef() {
        if (!(getClass().getGenericSuperclass() instanceof ParameterizedType parameterized)
                || parameterized.getRawType() != TypeRef.class
                || hasVariable(parameterized.getActualTypeArguments()[0])) {
            throw new BadStepArgument(
                    "a TypeRef needs a type that is known here, such as new TypeRef<List<Item>>() {}");
        }
        this.type = parameterized.getActualTypeArguments()[0];
    }

    private TypeRef(Type type) {
        this.type = type;
    }

    private static boolean hasVariable(Type type) {
        if (type instanceof ParameterizedType parameterized) {
            return Arrays.stream(parameterized.getActualTypeArguments()).anyMatch(TypeRef::hasVariable);
        }
        if (type instanceof GenericArrayType array) {
            return hasVariable(array.getGenericComponentType());
        }
        if (type instanceof WildcardType wildcard) {
            return Arrays.stream(wildcard.getUpperBounds()).anyMatch(TypeRef::hasVariable)
                    || Arrays.stream(wildcard.getLowerBounds()).anyMatch(TypeRef::hasVariable);
        }
        return type instanceof TypeVariable;
    }

    /**
     * The type of a class.
     *
     * @throws IllegalArgumentException if it is null or {@code void}
     */
    @SuppressWarnings("ConstantConditions") // callers outside null-checked code may pass null
    public static <T> TypeRef<T> of(Class<T> type) {
        if (type == null || type == void.class) {
            throw new BadStepArgument("the type is " + type + "; give the class of the value, or Void.class for none");
        }
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
