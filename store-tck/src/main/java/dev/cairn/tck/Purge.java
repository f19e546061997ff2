// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Erase;
import dev.cairn.spi.Erased;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Labels;
import dev.cairn.spi.RunPage;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What core sends for a purge. */
final class Purge {
    /**
     * What came of it.
     *
     * @param more whether there are more that are old enough
     */
    record Purged(int count, boolean more) {}

    /** Short, so that a clause can wait for its end. */
    static final Duration FENCE_TIME = Duration.ofMillis(40);

    private final Instance on;

    Purge(Instance on) {
        this.on = on;
    }

    /** The runs that a purge of this age removes. */
    static RunQuery.Builder old(Duration age) {
        return RunQuery.all()
                .status(RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.CANCELLED)
                .unchangedFor(age);
    }

    static Erase.Ended ended(Head listed) {
        return new Erase.Ended(listed.runId(), listed.incarnation(), listed.token(), listed.changed());
    }

    static Erase.Fences fences(Head listed) {
        return new Erase.Fences(listed.runId(), listed.incarnation(), listed.token(), listed.changed());
    }

    /** What is stored for the namespace; 0 where the harness cannot tell. */
    static long objects(Trial trial, Instance on) {
        return trial.harness().raw().map(raw -> raw.objects(trial.env(on))).orElse(0L);
    }

    Purged run(Duration age, int limit) {
        int count = 0;
        Optional<String> next = Optional.empty();
        boolean more;
        do {
            RunQuery.Builder old = old(age).limit(limit);
            next.ifPresent(old::after);
            RunPage page = on.store().list(old.build());
            next = page.next();
            List<Head> heads = page.runs().subList(0, Math.min(page.runs().size(), limit - count));
            count += erased(heads.stream().<Erase>map(Purge::ended).toList());
            more = next.isPresent() || heads.size() < page.runs().size();
        } while (next.isPresent() && count < limit);
        giveUpArrivals();
        sweep();
        return new Purged(count, more);
    }

    private int erased(List<Erase> erases) {
        List<Erased> answers = erases.isEmpty() ? List.of() : on.store().erase(erases);
        return (int) answers.stream().filter(answer -> answer == Erased.ERASED).count();
    }

    private void giveUpArrivals() {
        Duration fenceTime = on.options().fenceTime();
        on.listed(RunQuery.all().status(RunStatus.ARRIVING).unchangedFor(fenceTime))
                .forEach(this::giveUp);
    }

    private void giveUp(Head head) {
        Acquire.Target over = new Acquire.Create(Requests.newRun(head.workflow(), Labels.NONE, RunStatus.ARRIVING));
        if (on.store().acquire(Requests.acquire(head.runId(), over)) instanceof Granted granted) {
            on.store().settle(Settle.of(granted.lease(), HeadChange.gone(0).build()));
            on.leave(head.runId(), head.incarnation());
        }
    }

    private void sweep() {
        Instant now = on.store().list(RunQuery.all().limit(1).build()).storeTime();
        for (Head head : on.listed(RunQuery.all().among(RunQuery.Among.SWEEPABLE))) {
            freed(head, now).ifPresent(free -> erased(List.of(fences(free))));
        }
    }

    /** A head whose lease ran out is taken and freed first. */
    private Optional<Head> freed(Head head, Instant now) {
        if (head.lease().isEmpty()) {
            return Optional.of(head);
        }
        Instant fencesBefore = now.minus(on.options().fenceTime());
        boolean hasOld = head.beside().values().stream().anyMatch(since -> since.isBefore(fencesBefore));
        if (!hasOld || head.isLeased(now) || head.status() == RunStatus.ARRIVING) {
            return Optional.empty();
        }
        if (!(on.acquire(head.runId(), Condition.openOrEnded().build()) instanceof Granted granted)) {
            return Optional.empty();
        }
        Settled answer =
                on.store().settle(Settle.of(granted.lease(), HeadChange.freed().build()));
        return answer instanceof Settled.Done done ? Optional.of(done.head()) : Optional.empty();
    }
}
