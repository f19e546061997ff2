// SPDX-License-Identifier: Apache-2.0
package dev.cairn.cache;

import dev.cairn.state.Bytes;
import dev.cairn.state.Failure;
import dev.cairn.state.StepOutcome;
import java.util.List;
import java.util.Optional;

/** Outcomes for tests. */
final class Outcomes {
    private Outcomes() {}

    static StepOutcome value(Object json) {
        return new StepOutcome.Value(Bytes.utf8(json.toString()));
    }

    static StepOutcome failed(String message) {
        return new StepOutcome.Failed(new Failure(
                "com.example.CardDeclined",
                List.of("java.lang.RuntimeException"),
                "declined",
                message,
                Optional.of(Bytes.utf8("{\"limit\":10}")),
                List.of(new Failure.Cause("java.io.IOException", "no \uD83D\uDCB3 today"))));
    }
}
