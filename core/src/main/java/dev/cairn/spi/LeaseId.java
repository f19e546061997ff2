// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import java.util.UUID;

/**
 * Names one lease of a run, drawn at random by whoever asks for it and never used again for that run. All leases of one
 * claim carry the claim's id, so that a lease is named by its run and this together.
 */
public record LeaseId(UUID id) {
    /** Draws a new one. */
    public static LeaseId random() {
        return new LeaseId(UUID.randomUUID());
    }

    @Override
    public String toString() {
        return id.toString();
    }
}
