// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

/** A value that is written as JSON and cannot be read back: nothing says how it is made. */
public final class Unreadable {
    private final int amount;

    Unreadable(int first) {
        amount = first;
    }

    /** Makes it a value with a property. */
    public int getAmount() {
        return amount;
    }
}
