// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

/** Is told what happens to runs, on the thread where it happens. One that throws is logged and stops nothing. */
public interface RunListener {
    /** A body is about to run. */
    default void stepStarted(String runId, String key) {}

    /** A recorded outcome is returned without running the body. */
    default void stepReplayed(String runId, String key) {}

    /** An outcome, value or failure, is in the store. */
    default void stepRecorded(String runId, String key) {}

    /** A body threw. */
    default void stepFailed(String runId, String key, Throwable thrown) {}

    /** An execution ended. */
    default void runEnded(String runId, RunResult<?> result) {}
}
