// SPDX-License-Identifier: Apache-2.0
package dev.cairn.state;

/** What a step ended with, as it is recorded. */
public sealed interface StepOutcome {
    /**
     * A value.
     *
     * @param json as the payload codec wrote it; {@code null} is a value too
     */
    record Value(Bytes json) implements StepOutcome {}

    /** No value: a step that returns none. */
    record Nothing() implements StepOutcome {}

    /** A failure. */
    record Failed(Failure failure) implements StepOutcome {}
}
