// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.CorruptException;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Fold;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * An abandoned run of which an entry was removed.
 *
 * @param handed all entries that the store handed out since
 */
record Gap(Lease lease, long place, List<Entry> handed) {
    /** How long whoever asks for the run leases it: what finds a gap may leave its lease until it runs out. */
    static final Duration BRIEF = Duration.ofMillis(1);

    private static final int STEPS = 5;

    static Gap made(Trial trial, Instance a, long place) {
        String run = "gap at " + place;
        Lease lease = a.create(run).lease();
        a.steps(lease, 1, STEPS);
        a.expire(lease);
        trial.raw().removeEntry(trial.env(a), run, place);
        trial.did("place " + place + " of the run was removed");
        return new Gap(lease, place, new ArrayList<>());
    }

    /** Reads pages until there are no more, and folds them, as core does. */
    Fold readOn(Instance who, int pageBytes) {
        Fold fold = new Fold(lease.runId(), lease.incarnation());
        Cursor from = new Cursor.Start();
        for (int pages = 0; pages <= STEPS + 1; pages++) {
            Optional<Page> page = who.store().read(new Read(lease.runId(), from, pageBytes));
            List<Entry> entries = page.map(Page::entries).orElse(List.of());
            handed.addAll(entries);
            entries.forEach(fold::add);
            Optional<Cursor.After> next = page.flatMap(Page::next);
            if (next.isEmpty()) {
                return fold;
            }
            from = next.get();
        }
        return fold;
    }

    Acquired acquire(Instance who, Condition.Over over) {
        Condition condition = Condition.open().over(over).build();
        Acquired answer = who.store().acquire(Requests.acquire(lease.runId(), new Acquire.Take(condition), BRIEF));
        if (answer instanceof Granted granted) {
            handed.addAll(granted.page().entries());
        }
        return answer;
    }

    /** Fails unless whoever meets it is told, and where. */
    void isFound(Trial trial, Callable<?> call) {
        CorruptException thrown = trial.throwing(CorruptException.class, "the gap is reported as corrupt", call);
        String message = String.valueOf(thrown.getMessage());
        for (String named : List.of(lease.runId(), lease.incarnation().toString(), "place " + place)) {
            trial.that(message.contains(named), "a message that names " + named, message);
        }
    }

    /** Fails if an entry behind it was handed out: a page may end before it, and not go on. */
    void nothingBehind(Trial trial) {
        List<Entry> behind =
                handed.stream().filter(entry -> entry.place() > place).toList();
        trial.equal("entries that were handed out from behind place " + place + ":", List.of(), behind);
    }

    static void notClaimed(Trial trial, Instance who) {
        List<Granted> claimed;
        try {
            claimed = who.store().claim(Requests.claim(100, BRIEF));
        } catch (CorruptException said) {
            trial.explored(1);
            return;
        }
        trial.equal("claimed of the runs with a gap are", List.of(), claimed);
    }
}
