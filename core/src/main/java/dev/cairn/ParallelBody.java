// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

/** Starts the members of a parallel group. */
@FunctionalInterface
public interface ParallelBody {
    /** Starts them; runs on the workflow's own thread. */
    void start(Parallel group) throws Exception;
}
