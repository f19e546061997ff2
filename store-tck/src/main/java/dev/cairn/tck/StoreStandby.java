// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.StateStore;

/**
 * A server and a second one that follows it. The kit asks for a new pair whenever a clause needs one, and closes it after
 * that clause. Called by one thread at a time, but for {@link #open}.
 */
public interface StoreStandby extends AutoCloseable {
    /**
     * Opens a store on the pair: on the first server, and on the second one once that has taken over. What a write of this
     * store has to outlive, {@code env.options().tier()} says: with {@code NODE_LOSS} it is acknowledged when the second
     * server has it; with a lower tier it does not wait for the second, where the database can be told so by connection. What
     * the store makes of it, its {@code facts()} say, and by that it is judged.
     */
    StateStore open(StoreEnv env) throws Exception;

    /**
     * Lets nothing more arrive at the second server. A write that waits for it ends all the same, unconfirmed: the harness
     * cuts the waits off if the server does not, by whatever an operator would use.
     */
    void holdBack();

    /** Lets the second server follow again; it may still have to catch up when this returns. */
    void letGo();

    /** Ends the first server as a crash does and makes the second one take over as it is; returns when that takes writes. */
    void failOver();

    /** Ends both for good. */
    @Override
    void close();
}
