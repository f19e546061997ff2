// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import java.util.UUID;

/**
 * Names one life of a run: drawn at random when the run is created or restored, never used twice (contract VER-06).
 */
public record Incarnation(UUID id) {
    /** Draws a new one. */
    public static Incarnation random() {
        return new Incarnation(UUID.randomUUID());
    }

    @Override
    public String toString() {
        return id.toString();
    }
}
