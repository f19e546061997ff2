// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

/** The workflow that DBOS runs; DBOS makes a proxy of it, which takes public interfaces only. */
public interface DbosWorkflow {
    /** Does steps, and returns how many characters their outcomes have. */
    int run(int steps, int bytes);
}
