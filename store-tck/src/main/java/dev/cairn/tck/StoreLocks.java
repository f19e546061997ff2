// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** Holds the database's own locks, as another session would. */
public interface StoreLocks {
    /** Locks the head of a run until it is closed. */
    AutoCloseable holdHead(StoreEnv env, String runId);

    /** Keeps an entry that is not committed at a place of a run's journal, until it is closed: then it is rolled back. */
    AutoCloseable holdPlace(StoreEnv env, String runId, long place);
}
