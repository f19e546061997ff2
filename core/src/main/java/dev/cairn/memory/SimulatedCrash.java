// SPDX-License-Identifier: Apache-2.0
package dev.cairn.memory;

/**
 * The death of a process, in a test: thrown by a store that {@link CrashAt} made, at the chosen point and by every later call.
 * An {@link Error}, so that no workflow code and no recovery catches it by the way.
 */
public final class SimulatedCrash extends Error {
    private static final long serialVersionUID = 1L;

    SimulatedCrash(String message) {
        super(message);
    }
}
