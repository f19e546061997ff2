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

    /** Of the 10,000 calls of LEAK-02, of which 1,000 more fail otherwise. */
    private static final int BROKEN = 100;

    private static final int HALF_READ = 40;

    private WireLeaks() {}

    /** A call that fails because its line breaks, before its request or after it. */
    static void fail(Trial trial, Wired who, Lease lease, int i) {
        who.wire().arm(1, i % 2 == 0 ? Fault.CUT_BEFORE : Fault.CUT_AFTER);
        Callable<?> call = i % 4 < 2
                ? () -> who.who().store().read(new Read(lease.runId(), new Cursor.Start(), 1 << 20))
                : () -> who.who().step(lease, 1, "again");
        Object how = Told.of(call).how();
        who.wire().disarm();
        trial.that(
                !(how instanceof Throwable) || how instanceof CairnException,
                "a call whose line breaks done, or failed typed",
                how);
    }

    /** How many connections there are, after {@link #BROKEN} were cut. */
    static void notMore(Trial trial, Wired who, int before) {
        int most = before + MORE;
        int live = Resources.liveBeyond(who.wire(), most);
        trial.that(live <= most, "after " + BROKEN + " that broke at most " + most + " connections", live);
        trial.tried(BROKEN + " calls whose line breaks", BROKEN);
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
                        && reads.stream().allMatch(page -> page.orElseThrow().next().isPresent()),
                "pages that are half read",
                "whole ones");
        int live = Resources.liveBeyond(who.wire(), before + MORE);
        trial.that(
                live <= before + MORE,
                "beside " + 2 * HALF_READ + " pages that are half read at most " + (before + MORE) + " connections",
                live);
        List<Callable<Object>> others = new ArrayList<>();
        for (int i = 0; i < MORE; i++) {
            others.add(() -> Told.of(() -> who.who().store().list(RunQuery.all().limit(1).build()))
                    .how());
        }
        trial.atOnce(others).forEach(answer -> trial.is(RunPage.class, "an answer to each of other callers", answer));
        trial.tried(2 * HALF_READ + " pages half read", 2L * HALF_READ);
    }
}
