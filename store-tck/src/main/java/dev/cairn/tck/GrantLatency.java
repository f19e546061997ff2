// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Facts.Nature;
import dev.cairn.spi.Granted;
import dev.cairn.spi.LeaseTerm;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;

/** An acquire of which one request, or the reply to it, is late: how long the lease is by the store's clock. */
final class GrantLatency {
    private static final Duration LATENCY = Duration.ofSeconds(2);
    private static final Duration TTL = Duration.ofSeconds(40);

    /** Of the store's rounding, and of a clock that the operating system adjusts. */
    private static final Duration SLACK = Duration.ofMillis(5);

    private final Trial trial;
    private final Instance reader;

    private GrantLatency(Trial trial) {
        this.trial = trial;
        this.reader = trial.open("reader");
    }

    /** At every request and every reply; where each wait costs time, at the same moment. */
    static void explore(Trial trial) {
        GrantLatency latency = new GrantLatency(trial);
        List<Point> points = latency.points();
        long met = trial.harness().clock().isEmpty()
                ? latency.late(points)
                : points.stream()
                        .mapToLong(point -> latency.late(List.of(point)))
                        .sum();
        trial.that(met > 1, "a request and a reply that are late", met + " of " + points.size());
        trial.tried("a delay of " + LATENCY.toSeconds() + " s at " + met + " requests and replies", met);
    }

    /** A request that is late, or its reply. */
    private record Point(int request, Fault fault) {
        @Override
        public String toString() {
            return "with request " + request + " " + fault + " for " + LATENCY.toSeconds() + " s: ";
        }
    }

    /** Those of an acquire; in this process, where a request is a statement, what comes before all and after all. */
    private List<Point> points() {
        Wired counted = trial.wired("counted");
        Acquire take = prepared(reader, counted.who(), trial.freshRun("counted"));
        counted.wire().arm(0, Fault.NONE);
        Instance.granted(counted.who().store().acquire(take));
        int requests = counted.wire().disarm();
        trial.that(requests > 0, "a request that an acquire sends", "none");
        boolean isEmbedded = trial.facts().nature() == Nature.EMBEDDED;
        List<Point> points = new ArrayList<>();
        for (int request = 1; request <= requests; request++) {
            if (!isEmbedded || request == 1) {
                points.add(new Point(request, Fault.HOLD));
            }
            if (!isEmbedded || request == requests) {
                points.add(new Point(request, Fault.HOLD_REPLY));
            }
        }
        return points;
    }

    /** A free run, of a process that knows what time it was in the store. */
    private static Acquire prepared(Instance reader, Instance who, String id) {
        reader.createFree(id);
        who.now();
        who.find(id);
        return Requests.acquire(id, new Acquire.Take(Condition.open().build()), TTL);
    }

    /** Acquires that are all late at the same time; how many there were. */
    private long late(List<Point> points) {
        List<Late> all = points.stream().map(this::begun).toList();
        long met = all.stream().filter(Late::met).count();
        if (met > 0) {
            trial.pass(LATENCY);
        }
        all.forEach(this::letGo);
        return met;
    }

    /**
     * An acquire under way.
     *
     * @param seen how long the run was held, by whoever looks, when the delay began
     */
    private record Late(
            Point point,
            Instance reader,
            Wired who,
            String id,
            Instant begun,
            FutureTask<Told> call,
            boolean met,
            Optional<LeaseTerm> seen) {}

    private Late begun(Point point) {
        // In a file, a statement that is held may hold its lock: each has a storage of its own there.
        boolean isEmbedded = trial.facts().nature() == Nature.EMBEDDED;
        String storage = isEmbedded ? Storages.freshName() : reader.storage();
        Instance looks = isEmbedded ? trial.open("reader", storage, reader.options()) : reader;
        Wired who = trial.wired("A", storage, reader.options());
        String id = trial.freshRun("late");
        Acquire take = prepared(looks, who.who(), id);
        Instant begun = looks.now();
        who.wire().arm(point.request(), point.fault());
        FutureTask<Told> call = Races.started(() -> who.who().store().acquire(take));
        boolean met = who.wire().isReached(call::isDone);
        Optional<LeaseTerm> seen = met ? looks.head(id).lease() : Optional.empty();
        return new Late(point, looks, who, id, begun, call, met, seen);
    }

    private void letGo(Late late) {
        Instant released = late.reader().now();
        late.who().wire().disarm();
        Told ended = Races.ended(late.call());
        if (!late.met()) {
            return; // this time it took fewer requests
        }
        String when = late.point().toString();
        trial.is(Granted.class, when + "the lease granted", ended.how());
        Instant deadline = late.reader().head(late.id()).lease().orElseThrow().deadline();
        if (late.seen().isPresent()) {
            trial.equal(
                    when + "the deadline is what it was before, "
                            + late.seen().get().deadline() + ", later by",
                    Duration.ZERO,
                    Duration.between(late.seen().get().deadline(), deadline));
            return;
        }
        boolean isFirst = late.point().request() == 1 && late.point().fault() == Fault.HOLD;
        Instant earliest = (isFirst ? released : late.begun()).plus(TTL).minus(SLACK);
        Instant latest = late.reader().now().plus(TTL).plus(SLACK);
        trial.that(!deadline.isBefore(earliest), when + "a deadline of at least " + earliest, deadline);
        trial.that(!deadline.isAfter(latest), when + "a deadline of at most " + latest, deadline);
    }
}
