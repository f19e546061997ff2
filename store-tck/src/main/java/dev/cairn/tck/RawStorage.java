// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.time.Duration;

/**
 * Looks at what is stored, and damages it, behind the store's back. Runs are those of the environment's namespace; an
 * entry is meant in the incarnation that is the run.
 */
public interface RawStorage {
    /** Counts all that is stored for the namespace: heads, entries, messages, cached outcomes, fences. */
    long objects(StoreEnv env);

    /** Removes an entry, so that its place is free. */
    void removeEntry(StoreEnv env, String runId, long place);

    /** Changes one byte of the body of an entry. */
    void flipByte(StoreEnv env, String runId, long place);

    /** Cuts the last byte of the body of an entry off. */
    void truncate(StoreEnv env, String runId, long place);

    /** Adds a duration to every time in the head of a run: its deadline, and when it is due, was created, was changed. */
    void shiftTimes(StoreEnv env, String runId, Duration by);

    /** Puts something into the storage that is not the store's: a table, a collection, a key, a file. */
    void plantForeign(StoreEnv env);

    /** Whether what was planted is there, unchanged. */
    boolean isForeignIntact(StoreEnv env);

    /** Makes the storage say that a newer Cairn wrote it, and that this one may still read and write it. */
    void markNewer(StoreEnv env);

    /** Makes the storage say that only a newer Cairn may read it. */
    void markUnreadable(StoreEnv env);
}
