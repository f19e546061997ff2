// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Entry;
import dev.cairn.spi.Fold;
import dev.cairn.spi.Received;
import dev.cairn.state.RunStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a reader by run id sees of a run, without what is drawn at random: the same for equal runs. */
final class RunView {
    private RunView() {}

    /** By the journal and the inbox: whether it is there, how it ended or what it waits for, its steps, its signals. */
    static List<?> of(Instance reader, String runId) {
        return there(reader, runId).map(RunView::of).orElse(List.of("no run"));
    }

    /** What only arrives is no run yet. */
    private static Optional<Seen> there(Instance reader, String runId) {
        return reader.find(runId).filter(seen -> seen.head().status() != RunStatus.ARRIVING);
    }

    private static List<?> of(Seen seen) {
        return List.of(
                seen.fold().end().map(Entry::kind),
                seen.fold().suspension().map(Entry::kind),
                seen.texts(),
                seen.messages().stream()
                        .map(Received::message)
                        .map(message -> message.id())
                        .toList());
    }

    /** With the number of grants that count. */
    static List<?> withGrants(Instance reader, String runId) {
        return with(of(reader, runId), grants(reader, runId));
    }

    /** With whether somebody holds the run. */
    static List<?> withHolder(Instance reader, String runId) {
        return with(
                of(reader, runId),
                reader.find(runId)
                        .map(seen -> seen.head().isLeased(seen.storeTime()))
                        .orElse(false));
    }

    private static List<?> with(List<?> view, Object more) {
        List<Object> all = new ArrayList<>(view);
        all.add(more);
        return List.copyOf(all);
    }

    static long grants(Instance reader, String runId) {
        Optional<Seen> found = there(reader, runId);
        if (found.isEmpty()) {
            return 0;
        }
        Fold fold = new Fold(runId, found.get().head().incarnation());
        return found.get().entries().stream()
                .filter(entry -> fold.add(entry) && entry.kind().isGrant())
                .count();
    }
}
