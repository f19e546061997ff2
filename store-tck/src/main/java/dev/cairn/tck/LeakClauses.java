// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.CairnException;
import dev.cairn.error.PayloadTooLargeException;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Message;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.RunPage;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.StoreOptions;
import dev.cairn.state.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;

/** LEAK: resources. */
interface LeakClauses extends KitClauses {
    @Clause(
            id = "LEAK-01",
            must = "After close no socket at the proxy, no non-daemon thread and no temp file MUST remain",
            why = "a program does not end, or one that opens and closes stores runs out of files",
            usualFix = "end in close what was begun in open: threads, connections, lock files")
    default void leak_01_nothingRemainsAfterClose(Trial trial) {
        int count = 4;
        String storage = Storages.freshName();
        StoreEnv env = trial.env(storage);
        openUseClose(trial, "warm-up", storage);
        Set<Thread> threadsBefore = Resources.threads();
        long socketsBefore = Resources.sockets();

        Map<String, Long> temporaryBefore = Resources.temporaryFiles();

        openUseClose(trial, count, storage, 0);

        Set<String> threads = Resources.threadsBeyond(threadsBefore, count);
        trial.that(threads.size() < count, "no thread left by closed stores", List.copyOf(threads));
        Set<String> open = Resources.openFiles(env.folder());
        trial.that(open.isEmpty(), "no open file of closed stores", List.copyOf(open));
        long sockets = Resources.socketsBeyond(socketsBefore, count);
        trial.that(sockets < count, "no socket left by closed stores", sockets + " more");
        // Other processes have temporary files too: what is a store's becomes more each time.
        Set<String> temporary = Resources.temporaryFilesBeyond(temporaryBefore, count);
        for (int round = 1; round < 4 && !temporary.isEmpty(); round++) {
            Map<String, Long> before = Resources.temporaryFiles();
            openUseClose(trial, count, storage, round);
            temporary.retainAll(Resources.temporaryFilesBeyond(before, count));
        }
        trial.that(temporary.isEmpty(), "no temporary file left by closed stores", List.copyOf(temporary));
        WireChecks.disconnected(trial);
    }

    private static void openUseClose(Trial trial, int count, String storage, int round) {
        for (int i = 0; i < count; i++) {
            openUseClose(trial, "opened " + round + i, storage);
        }
    }

    private static void openUseClose(Trial trial, String name, String storage) {
        try (Instance each = trial.open(name, storage, trial.options().build())) {
            Lease lease = each.create(name).lease();
            each.steps(lease, 1, 2);
            each.read(name);
            each.store().list(RunQuery.all().build());
            each.store().facts();
        }
    }

    @Clause(
            id = "LEAK-02",
            must =
                    "10,000 calls, 1,000 of them failing, MUST NOT grow connections, cursors, statements or retained heap",
            why = "a worker that ran well for a week stops",
            usualFix = "close statements and cursors also where a call fails; put back or replace its connection")
    default void leak_02_manyCallsGrowNothing(Trial trial) {
        StoreOptions small = trial.options().payloadLimit(1 << 10).build();
        Instance a = trial.open("A", small);
        Lease lease = a.create("r").lease();
        a.steps(lease, 1, 3);
        calls(trial, a, lease, 300);
        long threads = Resources.threads().size();
        OptionalLong files = Resources.openFileCount();
        OptionalLong heap = Resources.heap();

        calls(trial, a, lease, 10_000);

        long more = Resources.threads().size() - threads;
        trial.that(more < 100, "as many threads as before", more + " more");
        OptionalLong filesAfter = Resources.openFileCount();
        trial.that(
                filesAfter.isEmpty() || filesAfter.getAsLong() - files.orElse(0) < 100,
                "as many open files and connections as before",
                filesAfter + " after " + files);
        OptionalLong heapAfter = Resources.heap();
        long grown = heapAfter.orElse(0) - heap.orElse(heapAfter.orElse(0));
        trial.that(grown < 24 << 20, "a heap that did not grow with failing calls", (grown >> 20) + " MiB more");
        trial.is(Appended.Written.class, "the next step written", a.step(lease, 4, "four"));
        trial.equal("the steps are", 4, a.read("r").counting().size());
        WireLeaks.broken(trial);
    }

    /** One of ten fails: for its arguments, for its size, or because its caller is interrupted. */
    private static void calls(Trial trial, Instance who, Lease lease, int count) {
        RunQuery runs = RunQuery.all().limit(10).build();
        for (int i = 0; i < count; i++) {
            if (i % 10 == 0) {
                fail(trial, who, lease, i / 10);
            } else if (i % 10 == 1) {
                who.store().list(runs);
            } else if (i % 100 == 2) {
                who.renew(lease, Requests.LASTING);
            } else if (i % 100 == 3) {
                who.step(lease, 1, "again");
            } else {
                who.store().read(new Read(i % 2 == 0 ? "r" : "absent", new Cursor.Start(), 1 << 20));
            }
        }
    }

    private static void fail(Trial trial, Instance who, Lease lease, int i) {
        switch (i % 5) {
            case 0 ->
                trial.throwing(
                        IllegalArgumentException.class,
                        "two entries of one run refused",
                        () -> who.store().append(List.of(Requests.step(lease, 8, "x"), Requests.step(lease, 9, "x"))));
            case 1 ->
                trial.throwing(
                        IllegalArgumentException.class,
                        "a damaged page token refused",
                        () -> who.store().list(RunQuery.all().after("damaged").build()));
            case 2 -> interrupted(trial, () -> who.step(lease, 1, "other"));
            case 3 -> interrupted(trial, () -> who.store().read(new Read("r", new Cursor.Start(), 1 << 20)));
            default ->
                trial.throwing(
                        PayloadTooLargeException.class,
                        "a large signal refused",
                        () -> who.signal("r", new Message("m" + i, "n", Bytes.adopt(new byte[256 << 10]))));
        }
    }

    /** Typed or done: a store need not look at the flag. */
    private static void interrupted(Trial trial, Callable<?> call) {
        Thread.currentThread().interrupt();
        Object answer = "done";
        try {
            call.call();
        } catch (CairnException e) {
            answer = "typed";
        } catch (Exception e) {
            answer = Thrown.name(e);
        } finally {
            boolean flag = Thread.interrupted(); // ours
            trial.explored(flag ? 1 : 0);
        }
        trial.that(
                answer.equals("done") || answer.equals("typed"), "an interrupted call done, or failed typed", answer);
    }

    @Clause(
            id = "LEAK-03",
            must = "Abandoned or half-read listings MUST release their connection when closed and MUST NOT starve other"
                    + " callers",
            why = "a page that somebody opened and left keeps workers from their runs",
            usualFix = "read a page whole and give the connection back before answering; keep no cursor between pages")
    default void leak_03_halfReadPagesStarveNobody(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        Lease lease = a.create("r").lease();
        a.steps(lease, 1, 8);
        for (int i = 0; i < 5; i++) {
            a.create("run " + i);
        }
        OptionalLong files = Resources.openFileCount();
        List<RunPage> pages = new ArrayList<>();
        List<Page> reads = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            RunPage page = Checks.answered(
                    trial,
                    "an answer beside abandoned pages",
                    () -> a.store().list(RunQuery.all().limit(2).build()));
            trial.that(page.next().isPresent(), "a listing that is half-read", page);
            pages.add(page);
            Optional<Page> read = Checks.answered(
                    trial,
                    "an answer beside abandoned pages",
                    () -> a.store().read(new Read("r", new Cursor.Start(), 1)));
            reads.add(read.orElseThrow());
        }

        for (Instance who : List.of(a, b)) {
            long place = who.read("r").length();
            Appended step =
                    Checks.answered(trial, "an answer beside abandoned pages", () -> who.step(lease, place, "more"));
            trial.is(Appended.Written.class, "a step of another caller written", step);
            Checks.answered(trial, "an answer beside abandoned pages", () -> who.create("of " + who));
            Checks.answered(
                    trial,
                    "an answer beside abandoned pages",
                    () -> who.store().list(RunQuery.all().build()));
        }
        OptionalLong filesAfter = Resources.openFileCount();
        trial.that(
                filesAfter.isEmpty() || filesAfter.getAsLong() - files.orElse(0) < 100,
                "as many open files and connections as before",
                filesAfter + " after " + files);
        goOn(trial, a, pages.get(0), reads.get(0));
        WireLeaks.halfRead(trial);
    }

    private static void goOn(Trial trial, Instance who, RunPage half, Page read) {
        String token = half.next().orElseThrow();
        RunPage rest = Checks.answered(
                trial,
                "an answer beside abandoned pages",
                () -> who.store().list(RunQuery.all().limit(2).after(token).build()));
        trial.that(!rest.runs().isEmpty(), "the listing going on where it was left", rest);
        trial.that(read.next().isPresent(), "a run that is half-read", read);
        Cursor.After next = read.next().orElseThrow();
        Optional<Page> more = Checks.answered(
                trial, "an answer beside abandoned pages", () -> who.store().read(new Read("r", next, 1 << 20)));
        trial.that(
                more.filter(page -> page.entries().get(0).place() == next.place())
                        .isPresent(),
                "the run going on where it was left",
                more);
    }
}
