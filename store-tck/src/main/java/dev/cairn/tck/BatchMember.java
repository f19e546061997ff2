// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.PayloadTooLargeException;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Lease;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import java.util.List;
import java.util.Optional;

/**
 * One entry of a list, and what has to become of it.
 *
 * @param there what stands at its place before it is sent
 * @param length of the run's journal before it is sent
 */
record BatchMember(Fate fate, Entry entry, Optional<Entry> there, int length) {
    /** What becomes of an entry. */
    enum Fate {
        WRITTEN,
        ALSO_WRITTEN,
        REPEATED,
        TAKEN,
        TOO_LARGE,
        SUPERSEDED,
        AFTER_END,
        DELETED
    }

    static BatchMember prepared(Instance by, Fate fate, String run, Bytes tooLarge) {
        Lease lease = by.create(run).lease();
        Entry step = Requests.step(lease, 1, "step of " + run);
        Entry sent = switch (fate) {
            case TOO_LARGE -> Requests.entry(lease, 1, EntryKind.PLAIN, tooLarge);
            case REPEATED, TAKEN, SUPERSEDED, AFTER_END, DELETED -> happened(by, fate, step);
            case WRITTEN, ALSO_WRITTEN -> step;
        };
        List<Entry> entries = by.entries(run);
        Optional<Entry> there =
                entries.stream().filter(entry -> entry.place() == sent.place()).findFirst();
        return new BatchMember(fate, sent, there, entries.size());
    }

    private static Entry happened(Instance by, Fate fate, Entry step) {
        Lease lease = step.lease();
        switch (fate) {
            case REPEATED -> by.append(step);
            case TAKEN -> by.append(Requests.step(lease, 1, "another step"));
            case SUPERSEDED -> by.supersede(lease.runId());
            case AFTER_END -> Instance.done(by.end(lease, 1, RunStatus.FAILED));
            case DELETED -> {
                by.free(lease);
                by.delete(lease.runId());
            }
            default -> throw new AssertionError(fate);
        }
        return step;
    }

    private boolean isWritten() {
        return fate == Fate.WRITTEN || fate == Fate.ALSO_WRITTEN;
    }

    /** Fails unless this is the answer that the entry has to get. */
    void check(Trial trial, Appended answer) {
        if (isWritten()) {
            trial.equal(fate + ": the answer is", new Appended.Written(), answer);
        } else if (there.isPresent()) {
            trial.equal(fate + ": the answer is", new Appended.Taken(there.get()), answer);
        } else if (fate == Fate.TOO_LARGE) {
            Appended.Failed failed = trial.is(Appended.Failed.class, fate + ": failed", answer);
            trial.is(PayloadTooLargeException.class, fate + ": too large", failed.cause());
        } else {
            trial.that(!(answer instanceof Appended.Written), fate + ": the entry is refused", answer);
        }
    }

    /** Fails unless the run is as it was, and has the entry only if that was to be written. */
    void checkRun(Trial trial, Instance who) {
        List<Entry> entries = who.entries(entry.lease().runId());
        trial.equal(fate + ": the number of entries is", isWritten() ? length + 1 : length, entries.size());
        if (isWritten()) {
            trial.equal(fate + ": at its place is", entry, entries.get((int) entry.place()));
        }
    }
}
