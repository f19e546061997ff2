// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Several processes that want the same at the same moment. */
final class Race {
    private Race() {}

    /** Opens the storage n times. */
    static List<Instance> parties(Trial trial, int n) {
        return IntStream.rangeClosed(1, n).mapToObj(i -> trial.open("P" + i)).toList();
    }

    /** What many acquirers of a run were told, two at each instance. */
    static List<Acquired> acquire(Trial trial, List<Instance> parties, String runId, Supplier<Acquire.Target> target) {
        List<Callable<Acquired>> calls = new ArrayList<>();
        for (int i = 0; i < 2 * parties.size(); i++) {
            Instance who = parties.get(i % parties.size());
            Acquire request = Requests.acquire(runId, target.get());
            calls.add(() -> who.store().acquire(request));
        }
        return trial.atOnce(calls);
    }

    /** The one who was granted the lease; fails unless it is one, the others were refused so, and its lease stands. */
    static Granted oneWinner(Trial trial, List<Acquired> answers, Set<Refused.Reason> others, Instance reader) {
        List<Granted> granted = answers.stream()
                .filter(Granted.class::isInstance)
                .map(Granted.class::cast)
                .toList();
        trial.that(granted.size() == 1, "one who is granted the lease", granted.size() + " of " + answers.size());
        for (Acquired answer : answers) {
            boolean told = answer instanceof Granted
                    || (answer instanceof Refused refused && others.contains(refused.reason()));
            trial.that(told, "the others refused as " + others, answer);
        }
        Granted winner = granted.get(0);
        Seen seen = reader.read(winner.lease().runId());
        trial.that(seen.head().isHeldBy(winner.lease()), "the head carries the lease of the winner", seen.head());
        trial.that(
                seen.entries().get(seen.entries().size() - 1).isUnder(winner.lease()),
                "the last entry is the grant of the winner",
                seen.entries());
        return winner;
    }
}
