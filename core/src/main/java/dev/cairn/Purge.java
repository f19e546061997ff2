// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.spi.Erase;
import dev.cairn.spi.Erased;
import dev.cairn.spi.Head;
import dev.cairn.spi.RunPage;
import dev.cairn.spi.RunQuery;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Removes old ended runs, and fences that are old enough. Each run goes whole or not at all; cut anywhere, it can be repeated. */
final class Purge {
    private final Connection connection;

    Purge(Connection connection) {
        this.connection = connection;
    }

    Purged run(Duration age, int limit) {
        RunQuery.Builder old = RunQuery.all()
                .status(RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.CANCELLED)
                .unchangedFor(age)
                .limit(limit);
        int count = 0;
        Optional<String> next = Optional.empty();
        boolean more;
        do {
            next.ifPresent(old::after);
            RunPage page =
                    connection.repeats().untilKnown(() -> connection.store().list(old.build()));
            next = page.next();
            List<Head> heads = page.runs().subList(0, Math.min(page.runs().size(), limit - count));
            count += erased(heads.stream().map(Purge::ended).toList());
            more = next.isPresent() || heads.size() < page.runs().size();
        } while (next.isPresent() && count < limit);
        sweep();
        return new Purged(count, more);
    }

    private static Erase ended(Head head) {
        return new Erase.Ended(head.runId(), head.incarnation(), head.token(), head.changed());
    }

    private int erased(List<Erase> erases) {
        if (erases.isEmpty()) {
            return 0;
        }
        List<Erased> answers =
                connection.repeats().untilKnown(() -> connection.store().erase(erases));
        return (int) answers.stream().filter(answer -> answer == Erased.ERASED).count();
    }

    private void sweep() {
        RunQuery.Builder sweepable =
                RunQuery.all().among(RunQuery.Among.SWEEPABLE).limit(RunQuery.MAX_LIMIT);
        Optional<String> next;
        do {
            RunPage page =
                    connection.repeats().untilKnown(() -> connection.store().list(sweepable.build()));
            erased(page.runs().stream()
                    .<Erase>map(
                            head -> new Erase.Fences(head.runId(), head.incarnation(), head.token(), head.changed()))
                    .toList());
            next = page.next();
            next.ifPresent(sweepable::after);
        } while (next.isPresent());
    }
}
