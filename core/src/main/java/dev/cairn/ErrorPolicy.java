// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

/** Which exceptions of a step's body are recorded as its outcome, where neither {@code fails} nor {@code retries} names them. */
public enum ErrorPolicy {
    /**
     * All but what is transient by nature: I/O, time-outs, interrupts, transient database errors, errors of the JVM. The
     * default.
     */
    RECORD_PERMANENT,
    /** All. */
    RECORD_ALL,
    /** None but what is declared, and {@link StepFailure}. */
    DECLARED_ONLY,
    /** None but what is declared, {@link StepFailure} included. */
    RETRY_ALL
}
