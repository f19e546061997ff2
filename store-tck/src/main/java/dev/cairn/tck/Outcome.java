// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** How a clause ended. */
enum Outcome {
    PASS("pass"),
    FAIL("fail"),
    /** An ability that is not declared was refused. */
    REFUSED_OK("refused-ok"),
    /** The store's nature lacks what the clause is about. */
    NOT_APPLICABLE("not applicable"),
    /** A part of the clause could not be proved. */
    INCONCLUSIVE("inconclusive"),
    /** No operation exposes it yet. */
    RESERVED("reserved"),
    NOT_RUN("not run");

    private final String text;

    Outcome(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
