// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Cursor;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.Signalled;
import java.util.List;
import java.util.Optional;

/** A run that was, with a page of it half read: what no path may show any more. */
record Gone(String runId, Cursor.After half) {
    /** Notes a run before it goes; it has at least two entries. */
    static Gone soon(Instance on, String runId) {
        Optional<Cursor.After> half =
                on.store().read(new Read(runId, new Cursor.Start(), 1)).flatMap(Page::next);
        return new Gone(
                runId,
                half.orElseThrow(() -> new IllegalStateException(
                        "the clause needs a run of more than one page, and a page of 1 byte holds all of it")));
    }

    /** Fails if any path shows the run: load, list, lease, claim or signal. */
    void check(Trial trial, Instance on) {
        Answers.absent(trial, runId, on);
        trial.equal("reading on finds", Optional.empty(), on.store().read(new Read(runId, half, 4096)));
        trial.equal("a signal to it is", Signalled.ABSENT, on.signal(runId, Requests.message("late", "go")));
        trial.equal(
                "claimed is",
                List.of(),
                on.store().claim(Requests.claim(100)).stream()
                        .map(granted -> granted.lease().runId())
                        .filter(runId::equals)
                        .toList());
    }
}
