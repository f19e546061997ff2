// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Values whose type does not say what is in them, such as a raw list: they are read back as lists, maps, texts and numbers,
 * and what was something else in them is something else now. All that such a value may hold can be compared.
 */
final class Untyped {
    private Untyped() {}

    /** Where a value differs from what was read back of it, if its type is untyped; else empty. */
    static String difference(@Nullable Object value, @Nullable Object back, TypeRef<?> type) {
        return isUntyped(type.type()) ? difference("$", value, back) : "";
    }

    private static boolean isUntyped(Type type) {
        if (type instanceof ParameterizedType parameterized) {
            return Arrays.stream(parameterized.getActualTypeArguments()).anyMatch(Untyped::isUntyped);
        }
        if (type instanceof WildcardType wildcard) {
            return isUntyped(wildcard.getUpperBounds()[0]);
        }
        return type == Object.class
                || (type instanceof Class<?> raw
                        && raw.getTypeParameters().length > 0
                        && (Iterable.class.isAssignableFrom(raw) || Map.class.isAssignableFrom(raw)));
    }

    private static String difference(String path, @Nullable Object value, @Nullable Object back) {
        if (Objects.equals(value, back)) {
            return "";
        }
        if (value instanceof List<?> list && back instanceof List<?> other && list.size() == other.size()) {
            Iterator<?> others = other.iterator();
            int index = 0;
            for (Object element : list) {
                String found = difference(path + "[" + index++ + "]", element, others.next());
                if (!found.isEmpty()) {
                    return found;
                }
            }
        }
        if (value instanceof Map<?, ?> map && back instanceof Map<?, ?> other && map.size() == other.size()) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                String found = difference(path + "." + entry.getKey(), entry.getValue(), other.get(entry.getKey()));
                if (!found.isEmpty()) {
                    return found;
                }
            }
        }
        return path;
    }
}
