// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TypeRefTest {
    @Test
    @DisplayName("RUN-02 a type reference is the type it names, equal to another of the same type")
    void referenceIsItsType() {
        TypeRef<List<String>> one = new TypeRef<>() {};
        TypeRef<List<String>> other = new TypeRef<>() {};

        assertThat(one).isEqualTo(other).hasSameHashCodeAs(other).hasToString("java.util.List<java.lang.String>");
        assertThat(one).isNotEqualTo(new TypeRef<List<Integer>>() {});
        assertThat(new TypeRef<String>() {}).isEqualTo(TypeRef.of(String.class));
    }

    private static <T> TypeRef<T> ofVariable() {
        return new TypeRef<>() {};
    }

    private static <T> TypeRef<Map<String, List<? extends T>>> ofNestedVariable() {
        return new TypeRef<>() {};
    }

    private static <T> TypeRef<T[]> ofArray() {
        return new TypeRef<>() {};
    }

    static class ListRef<E> extends TypeRef<List<E>> {}

    @Test
    @SuppressWarnings("rawtypes") // what is refused
    @DisplayName(
            "BAD-01 a type reference whose type is not known where it is made is refused, however deep the variable is")
    void unknownTypeIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(TypeRefTest::ofVariable).withMessageContaining("TypeRef");
        assertThatIllegalArgumentException().isThrownBy(TypeRefTest::ofNestedVariable);
        assertThatIllegalArgumentException().isThrownBy(TypeRefTest::ofArray);
        assertThatIllegalArgumentException().isThrownBy(() -> new TypeRef() {});
        assertThatIllegalArgumentException().isThrownBy(() -> new ListRef<String>() {});
        assertThatIllegalArgumentException().isThrownBy(ListRef<String>::new);
    }

    @Test
    @DisplayName("BAD-01 no class and void are refused with the way out")
    void noClassIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TypeRef.of(null))
                .withMessageContainingAll("null", "Void.class");
        assertThatIllegalArgumentException().isThrownBy(() -> TypeRef.of(void.class));
    }
}
