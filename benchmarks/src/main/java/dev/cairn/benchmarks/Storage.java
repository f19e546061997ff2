// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import dev.cairn.spi.StateStore;
import java.util.Optional;

/** Storage that begins empty and belongs to one contestant. Closing it removes it. */
interface Storage extends AutoCloseable {
    /** Opens Cairn's store on it; each call another one. */
    StateStore open();

    /** The plain driver on it; empty if the store has none that is as durable. */
    Optional<RawDriver> raw();

    /** DBOS on it; empty if it cannot use such a database. */
    Optional<Contestant.Resuming> dbos();

    /** What was counted until now. Nobody may have it open. */
    Counts counted() throws Exception;

    @Override
    void close();
}
