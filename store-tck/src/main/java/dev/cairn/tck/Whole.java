// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Entry;
import dev.cairn.spi.Head;
import dev.cairn.spi.Received;
import java.util.List;
import java.util.Optional;

/** All that is read of a run, to be compared with what is read of it later. */
record Whole(Optional<Head> head, List<Entry> entries, List<Received> messages) {
    static Whole of(Instance on, String runId) {
        Optional<Seen> found = on.find(runId);
        return new Whole(
                found.map(Seen::head),
                found.map(Seen::entries).orElse(List.of()),
                found.map(Seen::messages).orElse(List.of()));
    }

    /** Fails unless a run is still read as it was. */
    void stands(Trial trial, Instance on, String runId) {
        trial.equal("the run is unchanged:", this, of(on, runId));
    }

    @Override
    public String toString() {
        return head.map(Words::of).orElse("no run") + " with " + entries.size() + " entries and " + messages.size()
                + " messages";
    }
}
