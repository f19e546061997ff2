// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Entry;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Holds the database's own locks, as another session does that is in the middle of a transaction. The kit queues requests
 * behind what is held, in one order and in the other, lets go, and looks at what became of them. Every method works past
 * the store, through a connection of its own.
 */
public interface StoreLocks {
    /** What waits while one run is held. */
    enum Reach {
        /** Requests for this run; those for others pass. */
        RUN,
        /** All that write: the storage has one lock. */
        STORAGE
    }

    /** Something that is held, until one of its methods ends it. The kit calls them from one thread. */
    interface Held extends AutoCloseable {
        /**
         * Returns how many requests wait for what is held, or behind one that does; empty if the database cannot tell, or if
         * requests may wait for it outside of the database.
         */
        OptionalInt waiting();

        /** Commits, and lets go: an entry that was held stands there now. */
        void commit();

        /** Lets go, and leaves nothing behind. Does nothing after {@link #commit()}. */
        @Override
        void close();
    }

    /** Returns what one lock holds up. */
    Reach reach();

    /** Locks the head of a run as whoever changes it does; if it can, with a change that changes nothing. */
    Held holdHead(StoreEnv env, String runId);

    /**
     * Writes an entry into the journal of a run and does not commit, as a session does whose commit is under way: whoever
     * wants the same place waits.
     *
     * @return empty if nobody can wait for a place: an entry stands there, or it does not
     */
    Optional<Held> holdEntry(StoreEnv env, Entry entry);

    /**
     * Returns how often, so far, the database ended a request because it waited for another one that waited for it; empty
     * if it does not count that.
     */
    OptionalLong deadlocks(StoreEnv env);
}
