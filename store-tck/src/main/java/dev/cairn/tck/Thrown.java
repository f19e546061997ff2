// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** What was thrown. */
final class Thrown {
    private Thrown() {}

    /** Its name, without its message, which is the store's own. */
    static String name(Throwable thrown) {
        String cause = thrown.getCause() == null
                ? ""
                : ", caused by " + thrown.getCause().getClass().getName();
        return thrown.getClass().getName() + cause;
    }

    /** To be thrown on; a checked one is wrapped. */
    static RuntimeException unchecked(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return thrown instanceof RuntimeException runtime ? runtime : new IllegalStateException(thrown);
    }
}
