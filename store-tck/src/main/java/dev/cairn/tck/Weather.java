// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** What befalls a call of a party on its way. */
interface Weather {
    /** Nothing does. */
    Weather CALM = new Weather() {};

    /** Before each attempt at a call. */
    default void before() {}

    /** After it. */
    default void after() {}

    /** Whether the process is dying: it asks no more. */
    default boolean isDying() {
        return false;
    }

    /** A last call, in the middle of which the process may die. */
    default void death(Runnable last) {}
}
