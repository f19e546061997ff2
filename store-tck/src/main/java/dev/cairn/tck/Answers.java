// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquired;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.Refused;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Settled;
import java.util.List;
import java.util.Optional;

/** What answers have to be; and what has to be as it was after a refusal. */
final class Answers {
    private Answers() {}

    static Granted granted(Trial trial, String expected, Acquired answer) {
        return trial.is(Granted.class, expected, answer);
    }

    static Refused refused(Trial trial, Refused.Reason reason, Acquired answer) {
        Refused refused = trial.is(Refused.class, "refused, " + reason, answer);
        trial.that(refused.reason() == reason, "refused, " + reason, answer);
        return refused;
    }

    /** The entry is neither written nor acknowledged as written before. */
    static void notAcknowledged(Trial trial, Entry sent, Appended answer) {
        boolean told = answer instanceof Appended.Fenced
                || (answer instanceof Appended.Taken taken && !taken.entry().equals(sent));
        trial.that(told, "fenced, or taken by another entry", answer);
    }

    /** The settle was refused. */
    static void notDone(Trial trial, Settled answer) {
        trial.that(
                answer instanceof Settled.Lost || answer instanceof Settled.Taken,
                "lost, or taken by another entry",
                answer);
    }

    /** The run is as it was, as it has to be after a refusal; what that means, {@link Seen#isSameRunAs} says. */
    static void unchanged(Trial trial, Seen before, Instance reader) {
        Optional<Seen> now = same(trial, before, reader);
        trial.equal(
                "its last change is of",
                Optional.of(before.head().changed()),
                now.map(Seen::head).map(Head::changed));
    }

    /** The run is as it was, as it has to be after the repeat of a settle, which may write the same head once more. */
    static void sameRun(Trial trial, Seen before, Instance reader) {
        same(trial, before, reader);
    }

    private static Optional<Seen> same(Trial trial, Seen before, Instance reader) {
        String runId = before.head().runId();
        Optional<Seen> now = reader.find(runId);
        trial.that(now.isPresent(), "run " + Words.quoted(runId) + " to be there", "no run");
        List<String> other = now.map(before::differencesTo).orElse(List.of());
        trial.that(other.isEmpty(), "run " + Words.quoted(runId) + " as it was", "other: " + String.join(", ", other));
        return now;
    }

    /** There is no such run on any path. */
    static void absent(Trial trial, String runId, Instance reader) {
        trial.equal("a read finds", Optional.empty(), reader.find(runId));
        refused(trial, Refused.Reason.ABSENT, reader.acquire(runId));
        List<String> listed = Listings.ids(reader.listed(RunQuery.all().prefix(runId)));
        trial.that(!listed.contains(runId), "no run " + Words.quoted(runId) + " in the list", listed);
    }
}
