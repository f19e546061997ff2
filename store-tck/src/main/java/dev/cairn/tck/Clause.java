// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;

/** Marks the test of a clause of the contract. What the clause needs stands in the {@link ClauseList}. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Test
@interface Clause {
    /** Such as {@code LEASE-05}. The method's name begins with it: {@code lease_05_…}. */
    String id();

    /** What must hold, in one sentence. */
    String must();

    /** What goes wrong for users where it does not hold. */
    String why();

    /** What usually has to be mended in a store that fails. */
    String usualFix();
}
