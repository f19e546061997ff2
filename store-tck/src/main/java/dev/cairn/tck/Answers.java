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

    /** Nothing about the run is other than it was. */
    static void unchanged(Trial trial, Seen before, Instance reader) {
        Seen now = reader.read(before.head().runId());
        trial.equal("the head is still", before.head(), now.head());
        unchangedButForLease(trial, before, reader);
    }

    /**
     * Nothing about the run is other than it was, but that a refused acquirer may have left its lease in the head, run out:
     * a store that takes the lease and looks into the journal in two requests has to (protocol R3).
     */
    static void unchangedButForLease(Trial trial, Seen before, Instance reader) {
        Seen now = reader.read(before.head().runId());
        trial.equal("the entries are still", before.entries(), now.entries());
        trial.equal("the inbox is still", before.messages(), now.messages());
        trial.equal("the head is, but for its lease,", withoutLease(before.head()), withoutLease(now.head()));
    }

    private static List<Object> withoutLease(Head head) {
        return List.of(
                head.status(),
                head.incarnation(),
                head.version(),
                head.due(),
                head.awaits(),
                head.signals(),
                head.labels(),
                head.reason(),
                head.beside().keySet(),
                head.created(),
                head.changed());
    }

    /** There is no such run on any path. */
    static void absent(Trial trial, String runId, Instance reader) {
        trial.equal("a read finds", Optional.empty(), reader.find(runId));
        refused(trial, Refused.Reason.ABSENT, reader.acquire(runId));
        List<String> listed = reader.store().list(RunQuery.all().build()).runs().stream()
                .map(Head::runId)
                .toList();
        trial.that(!listed.contains(runId), "no run " + Words.quoted(runId) + " in the list", listed);
    }
}
