// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import dev.cairn.spi.Claim;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.WorkflowVersions;
import dev.cairn.state.Bytes;
import java.util.List;
import java.util.Set;

/** The shortest way to claim. */
final class Claims {
    private Claims() {}

    static List<String> claimed(StateStore store) {
        WorkflowVersions flow = new WorkflowVersions("flow", 1, Set.of(1));
        return store.claim(new Claim(LeaseId.random(), List.of(flow), 10, TestSchema.LEASE, Bytes.utf8("{}"))).stream()
                .map(granted -> granted.lease().runId())
                .toList();
    }
}
