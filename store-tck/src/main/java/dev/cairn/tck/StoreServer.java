// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.StateStore;
import java.util.Map;

/**
 * A server behind stores that the kit ends and starts again: one of its own, which nobody else uses meanwhile. The kit asks
 * for it when the first clause needs it, and closes it when all have been tried. Called by one thread at a time, but for
 * {@link #open}.
 */
public interface StoreServer extends AutoCloseable {
    /** Opens a store on this server, as the harness opens one on its own. A short time-out for connections saves time. */
    StateStore open(StoreEnv env) throws Exception;

    /** Ends it as a crash does, all its processes at once and none by its leave; returns when they are gone. */
    void kill();

    /** Starts it on the same storage and at the same address; returns when it answers. */
    void start();

    /**
     * Tells one life of the server from the next, by what the server itself says: the id of its process, or when it was
     * started. By it the kit knows that a kill was one (META-04).
     */
    String identity();

    /**
     * Asks the server, past the store, for settings that {@code facts()} names: those on which it depends what outlives the
     * server. The store has to say the same of each. Empty where nobody but the store can ask.
     */
    Map<String, String> settings();

    /** Ends it for good. */
    @Override
    void close();
}
