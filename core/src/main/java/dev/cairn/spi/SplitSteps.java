// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.error.OutcomeUnknownException;
import java.util.Optional;

/** The steps of the protocol that a test leaves out, to show what each is for. */
class SplitSteps {
    private static final int MOST_TRIES = 1_000;

    SplitAcquire acquire(
            SplitStorage storage, Acquire request, Condition condition, SplitStorage.Updated head, int pageBytes) {
        return new SplitAcquire(storage, request, condition, head, pageBytes);
    }

    /**
     * An end counts, and the head could not be changed under its lease: the head is made to say so under whatever lease
     * stands there, unless the journal went on (protocol R6). Only then the end may be acknowledged.
     */
    void showEnd(SplitStorage storage, Entry end, int pageBytes) {
        String runId = end.lease().runId();
        Incarnation incarnation = end.lease().incarnation();
        for (int i = 0; i < MOST_TRIES; i++) {
            Optional<Head> found = storage.readHead(runId).head();
            if (HeadRules.receives(found) != Signalled.STORED
                    || !found.orElseThrow().incarnation().equals(incarnation)) {
                return;
            }
            Optional<SplitUpdate> shown = new SplitJournal(storage, runId, incarnation, pageBytes)
                    .readOn()
                    .fold()
                    .end()
                    .map(counts -> new SplitUpdate.ShowEnd(
                            found.get(), EntryCodec.endStatus(counts), EntryCodec.endReason(counts)));
            if (shown.isEmpty() || storage.updateHead(shown.get()).isPresent()) {
                return;
            }
        }
        throw new OutcomeUnknownException("the end of run " + runId + " counts, but its head changed " + MOST_TRIES
                + " times; repeat the settle");
    }
}
