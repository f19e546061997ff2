// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** A clause does not hold. */
final class ClauseFailed extends AssertionError {
    private static final long serialVersionUID = 1;

    private final String expected;
    private final String got;

    ClauseFailed(String expected, String got) {
        super("expected " + expected + ", got " + got);
        this.expected = expected;
        this.got = got;
    }

    String expected() {
        return expected;
    }

    String got() {
        return got;
    }
}
