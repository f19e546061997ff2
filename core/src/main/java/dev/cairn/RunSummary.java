// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.spi.Head;
import dev.cairn.state.RunStatus;
import java.time.Instant;
import java.util.Map;

/**
 * A run in a listing.
 *
 * @param reason why it is blocked; of a run whose move was cut after it left, where it went; else empty
 * @param created by the store's clock
 * @param changed the last transition, never a step or a heartbeat
 */
public record RunSummary(
        String id,
        String workflow,
        int version,
        RunStatus status,
        Map<String, String> labels,
        String progress,
        String reason,
        Instant created,
        Instant changed) {
    static RunSummary of(Head head) {
        return new RunSummary(
                head.runId(),
                head.workflow(),
                head.version(),
                head.shownStatus(),
                head.labels().all(),
                head.progress(),
                head.reason(),
                head.created(),
                head.changed());
    }
}
