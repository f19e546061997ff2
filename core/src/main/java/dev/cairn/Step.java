// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

/** What a step's body may know of its step. Valid while the body runs. */
public interface Step {
    /** The step's key. */
    String key();

    /**
     * The key to hand to whatever the body changes outside: equal over attempts, restarts, workers and moves between stores,
     * new after a forget, different for every other step, run and namespace (contract RUN-10).
     */
    String idempotencyKey();

    /** Which try this is, from 1. */
    long attempt();

    /** The fencing token of the lease under which the body runs, for systems that can compare it. */
    long fencingToken();
}
