// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

/** Carries what a body threw, where that is an attempt and no outcome, to where the execution is ended. */
final class AttemptFailed extends Exception {
    private static final long serialVersionUID = 1L;

    private final Throwable thrown;

    AttemptFailed(Throwable thrown) {
        super(thrown.getClass().getName(), thrown, false, false);
        this.thrown = thrown;
    }

    Throwable thrown() {
        return thrown;
    }
}
