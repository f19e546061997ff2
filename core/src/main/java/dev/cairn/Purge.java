// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.error.StoreUnavailableException;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Erase;
import dev.cairn.spi.Erased;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Labels;
import dev.cairn.spi.NewRun;
import dev.cairn.spi.RunPage;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Removes old ended runs, and fences that are old enough. Each run goes whole or not at all; cut anywhere, it can be repeated. */
final class Purge {
    private final Connection connection;
    private final Restores restores;
    private boolean hasErased;

    Purge(Connection connection, Restores restores) {
        this.connection = connection;
        this.restores = restores;
    }

    Purged run(Duration age, int limit) {
        try {
            return purged(age, limit);
        } catch (StoreUnavailableException e) {
            if (!hasErased) {
                throw e;
            }
            throw new OutcomeUnknownException(
                    "some of it was purged, and the store could not be reached for the rest; repeat the call", e);
        }
    }

    private Purged purged(Duration age, int limit) {
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
            // What has left for another store is removed by its mover alone: it may not have been released there.
            count += erased(heads.stream()
                    .filter(head -> !head.isMoved())
                    .map(Purge::ended)
                    .toList());
            more = next.isPresent() || heads.size() < page.runs().size();
        } while (next.isPresent() && count < limit);
        giveUpArrivals();
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
        hasErased = true;
        return (int) answers.stream().filter(answer -> answer == Erased.ERASED).count();
    }

    /** What a save left that was cut: taken over when its lease has run out, and made gone (protocol R7, contract SNAP-05). */
    private void giveUpArrivals() {
        RunQuery.Builder arriving = RunQuery.all()
                .status(RunStatus.ARRIVING)
                .unchangedFor(connection.fenceTime())
                .limit(RunQuery.MAX_LIMIT);
        forEachPage(arriving, page -> page.runs().forEach(this::giveUp));
    }

    private void giveUp(Head head) {
        NewRun over = new NewRun(
                head.workflow(),
                head.version(),
                Incarnation.random(),
                Labels.NONE,
                RunStatus.ARRIVING,
                connection.grant(null, null),
                0);
        if (restores.acquire(head.runId(), new Acquire.Create(over)) instanceof Granted granted) {
            restores.settleOrConflict(granted, HeadChange.gone(0).build());
            erased(List.of(new Erase.Leftover(head.runId(), head.incarnation())));
        }
    }

    private void forEachPage(RunQuery.Builder query, Consumer<RunPage> action) {
        Optional<String> next;
        do {
            RunPage page =
                    connection.repeats().untilKnown(() -> connection.store().list(query.build()));
            action.accept(page);
            next = page.next();
            next.ifPresent(query::after);
        } while (next.isPresent());
    }

    private void sweep() {
        RunQuery.Builder sweepable =
                RunQuery.all().among(RunQuery.Among.SWEEPABLE).limit(RunQuery.MAX_LIMIT);
        forEachPage(
                sweepable,
                page -> erased(page.runs().stream()
                        .flatMap(head -> freed(head, page.storeTime()).stream())
                        .<Erase>map(head ->
                                new Erase.Fences(head.runId(), head.incarnation(), head.token(), head.changed()))
                        .toList()));
    }

    /** A head whose lease ran out is taken and freed first: what it names is swept under nobody's hand (protocol R8). */
    private Optional<Head> freed(Head head, Instant storeNow) {
        if (head.lease().isEmpty()) {
            return Optional.of(head);
        }
        Instant fencesBefore = storeNow.minus(connection.fenceTime());
        boolean hasOld = head.beside().values().stream().anyMatch(since -> since.isBefore(fencesBefore));
        if (!hasOld || head.isLeased(storeNow) || head.status() == RunStatus.ARRIVING) {
            return Optional.empty();
        }
        Acquire.Target take = new Acquire.Take(Condition.openOrEnded().build());
        if (!(restores.acquire(head.runId(), take) instanceof Granted granted)) {
            return Optional.empty();
        }
        Settle free = Settle.of(granted.lease(), HeadChange.freed().build());
        Settled answer =
                connection.repeats().untilKnown(() -> connection.store().settle(free));
        return answer instanceof Settled.Done done ? Optional.of(done.head()) : Optional.empty();
    }
}
