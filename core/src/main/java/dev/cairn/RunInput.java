// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.state.Bytes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The input of a run as its caller gave it, written as JSON; and whether a recorded one is the same (contract RUN-09). */
record RunInput<I extends @Nullable Object>(String runId, TypeRef<I> type, Bytes json, I value) {
    static <I extends @Nullable Object> RunInput<I> of(
            Payloads payloads, String runId, Workflow<I, ?> workflow, I input) {
        if (input == null && workflow.input().type() != Void.class) {
            throw new IllegalArgumentException("the input of run " + runId + " is null; give a " + workflow.input()
                    + ", or define the workflow without an input");
        }
        Payloads.Recorded<I> recorded = payloads.roundTrip(() -> "the input of run " + runId, input, workflow.input());
        return new RunInput<>(runId, workflow.input(), recorded.json(), recorded.value());
    }

    /**
     * Compares after decoding with today's type and encoding again, so that a field that is new is no difference.
     *
     * @throws DifferentInputException naming the first path that differs, never the values
     */
    void checkSameAs(Payloads payloads, Bytes recorded) {
        if (recorded.equals(json)) {
            return;
        }
        I old = payloads.decode(() -> "the recorded input of run " + runId, recorded, type);
        // A set may be written in another order.
        if (Objects.equals(old, value)) {
            return;
        }
        String path = payloads.codec().difference(payloads.codec().encode(old, type), json);
        if (!path.isEmpty()) {
            throw new DifferentInputException("run " + runId + " exists with another input: it differs at " + path
                    + "; use another run id, or the input it began with");
        }
    }

    /** Without the value. */
    @Override
    public String toString() {
        return "RunInput[run " + runId + ", " + type + "]";
    }
}
