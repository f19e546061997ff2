// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

/** Throws what a body threw, checked or not, from where only the kind is unknown to the compiler. */
final class Sneaky {
    private Sneaky() {}

    @SuppressWarnings("unchecked") // the cast is erased: it is how the compiler is told
    static <E extends Throwable> void rethrow(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
