// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.CairnException;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.RunPage;
import dev.cairn.spi.RunQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** How many connections stay, after many that broke, and beside what somebody has half read. */
final class WireLeaks {
    /** How many more a store may keep than it did: those of a pool that was not full. */
    private static final int MORE = 8;

    /** Not the contract's 10,000, of which 1,000 fail otherwise: a new connection costs more than all else. */
    private static final int CALLS = 300;

    private static final int BREAKS = 10;

    private static final int HALF_READ = 40;

    private WireLeaks() {}

    /** One call of ten fails, because its line breaks, before its request or after it (LEAK-02). */
    static void broken(Trial trial) {
        if (!trial.hasWire()) {
            return;
        }
        Wired who = trial.wired("breaking");
        Lease lease = who.who().create(trial.freshRun("broken")).lease();
        who.who().steps(lease, 1, 1);
        calls(trial, who, lease, CALLS / 10);
        int most = who.wire().live() + MORE;
        calls(trial, who, lease, CALLS);
        int live = Resources.liveBeyond(who.wire(), most);
        int broken = CALLS / BREAKS;
        trial.that(live <= most, "after " + broken + " that broke at most " + most + " connections", live);
        trial.tried(CALLS + " calls, the line of " + broken + " breaks", broken);
    }

    private static void calls(Trial trial, Wired who, Lease lease, int count) {
        Read read = new Read(lease.runId(), new Cursor.Start(), 1 << 20);
        for (int i = 0; i < count; i++) {
            if (i % BREAKS == 0) {
                who.wire().arm(1, i % (2 * BREAKS) == 0 ? Fault.CUT_BEFORE : Fault.CUT_AFTER);
            }
            boolean reads = i % 4 < 2;
            Told told = Told.of(
                    () -> reads ? who.who().store().read(read) : who.who().step(lease, 1, "again"));
            who.wire().disarm();
            trial.that(
                    !(told.how() instanceof Throwable) || told.is(CairnException.class),
                    "a call whose line breaks done, or failed typed",
                    told);
        }
    }

    /** Listings and runs that are half read keep no connection, and nobody waits for them (LEAK-03). */
    static void halfRead(Trial trial) {
        if (!trial.hasWire()) {
            return;
        }
        Wired who = trial.wired("half");
        String run = trial.freshRun("half");
        who.who().steps(who.who().create(run).lease(), 1, 8);
        who.who().create(trial.freshRun("half"));
        who.who().now();
        int before = who.wire().live();
        List<RunPage> listings = new ArrayList<>();
        List<Optional<Page>> reads = new ArrayList<>();
        for (int i = 0; i < HALF_READ; i++) {
            listings.add(who.who().store().list(RunQuery.all().limit(1).build()));
            reads.add(who.who().store().read(new Read(run, new Cursor.Start(), 1)));
        }
        trial.that(
                listings.stream().allMatch(page -> page.next().isPresent())
                        && reads.stream()
                                .allMatch(page -> page.orElseThrow().next().isPresent()),
                "pages that are half read",
                "whole ones");
        int live = Resources.liveBeyond(who.wire(), before + MORE);
        trial.that(
                live <= before + MORE,
                "beside " + 2 * HALF_READ + " pages that are half read at most " + (before + MORE) + " connections",
                live);
        List<Callable<Object>> others = new ArrayList<>();
        for (int i = 0; i < MORE; i++) {
            others.add(() -> Told.of(
                            () -> who.who().store().list(RunQuery.all().limit(1).build()))
                    .how());
        }
        trial.atOnce(others).forEach(answer -> trial.is(RunPage.class, "an answer to each of other callers", answer));
        trial.tried(2 * HALF_READ + " pages half read", 2L * HALF_READ);
    }
}
