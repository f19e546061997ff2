// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Entry;
import java.util.HashSet;
import java.util.List;

/** Which signals the steps of a run have consumed, by what {@link Party parties} write, and what may not be at any time. */
final class Consumed {
    /** What a step that consumes a signal begins with. */
    static final String BY = "got ";

    /** What a run waits for that is to be left alone. */
    static final String NEVER_SENT = "never";

    private Consumed() {}

    /** The signals that steps have consumed. */
    private static List<String> of(Seen seen) {
        return seen.texts().stream().filter(text -> text.startsWith(BY)).toList();
    }

    /** The messages that no step has consumed yet, in order; as often as they stand there. */
    static List<String> unread(Seen seen) {
        List<String> consumed = of(seen);
        return seen.messages().stream()
                .map(received -> received.message().id())
                .filter(id -> !consumed.contains(BY + id))
                .toList();
    }

    /** Fails if a signal was consumed twice, or sleeps beside a run that waits for it. */
    static void check(Trial trial, History history, Seen seen) {
        List<String> consumed = of(seen);
        int again = consumed.size() - new HashSet<>(consumed).size();
        that(trial, history, seen, again == 0, "each signal consumed once", again + " again");
        boolean asleep = seen.head().isWaiting(seen.storeTime())
                && seen.fold().suspension().map(Entry::kind).isPresent()
                && unread(seen).stream().anyMatch(id -> isAwaited(seen, id));
        that(trial, history, seen, !asleep, "no signal asleep beside a run that waits for it", "one that is");
    }

    private static boolean isAwaited(Seen seen, String id) {
        return seen.head().awaits().contains(NEVER_SENT)
                || seen.messages().stream()
                        .anyMatch(received -> received.message().id().equals(id)
                                && seen.head()
                                        .awaits()
                                        .contains(received.message().name()));
    }

    private static void that(Trial trial, History history, Seen seen, boolean holds, String expected, String got) {
        String runId = seen.head().runId();
        trial.that(holds, expected, holds ? got : new History.Shown(got + ", in run " + runId, history.callsOf(runId)));
    }
}
