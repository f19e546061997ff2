// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import java.util.List;
import java.util.Optional;

/**
 * Keeps runs: a head, a journal and an inbox each, and does not look into their bytes. The journal is the fence: taking a
 * run over writes a grant at the next free place, so that whatever a superseded holder still sends finds its place taken.
 *
 * <p>Every method is safe to call from many threads, and safe to repeat with the same ids. Arguments are checked before
 * anything is sent. Beside what is said below, each throws {@link dev.cairn.error.StoreUnavailableException} (unchanged),
 * {@link dev.cairn.error.OutcomeUnknownException} (before or after: repeat the call),
 * {@link dev.cairn.error.CorruptException} (unchanged), {@link dev.cairn.error.StoreClosedException} (nothing sent) and
 * {@link IllegalStateException} if a connection that was handed to it is inside a transaction. No request waits for a lock
 * longer than the store's stated bound. The contract's clauses are the law; {@code docs/store-interface.md} shows the requests.
 */
public interface StateStore extends AutoCloseable {
    /** The namespace whose runs this store sees; also of a closed store. */
    String namespace();

    /** What the store says of itself, read from the live server. */
    Facts facts();

    /**
     * Writes entries, each if its place is free, and each for itself: one refused or failed leaves the others alone. The hot
     * path: one request, no lock and no update of a head. An entry at place 0 begins an incarnation that the head names.
     *
     * @param entries of different runs
     * @return an answer for each, at its position
     * @throws IllegalArgumentException if two entries are of one run, or there are more than {@link Facts.Limits} says;
     *     nothing was sent
     */
    List<Appended> append(List<Entry> entries);

    /** Takes the lease of a run and writes its grant, or says why not. Atomic: a refusal leaves the run unchanged. */
    Acquired acquire(Acquire request);

    /**
     * Takes the leases of due runs, the longest due first; at most as many as asked for, also fewer. A repeat answers those
     * that it took, and takes no more while there is one.
     */
    List<Granted> claim(Claim request);

    /**
     * Under a lease, writes an entry and changes the head; both or neither, or, where the database cannot, the entry first.
     * An expired lease that still stands may settle.
     */
    Settled settle(Settle request);

    /**
     * Extends leases to the store's now plus their ttl. Changes neither revision, entries, inbox nor the order of listings.
     *
     * @return an answer for each, at its position
     */
    List<Renewed> renew(List<Renewal> leases);

    /** Puts a message into a run's inbox, counts it, and makes the run due if it waits for its name. */
    Signalled signal(String runId, Message message);

    /**
     * Reads a page of a run, strongly consistent.
     *
     * @return empty if there is no such run, or its incarnation is not the one that the cursor was given for
     */
    Optional<Page> read(Read request);

    /**
     * Lists runs.
     *
     * @throws IllegalArgumentException if the page token is damaged, or of another namespace or query
     */
    RunPage list(RunQuery query);

    /**
     * Removes what is still as expected.
     *
     * @return an answer for each, at its position
     */
    List<Erased> erase(List<Erase> erases);

    /** Ends the store: idempotent; calls under way finish or fail typed. Never closes what the caller supplied. */
    @Override
    void close();
}
