// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Cursor;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Message;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

/** PAGE: a run that is read in pages. */
interface PageClauses extends KitClauses {
    @Clause(
            id = "PAGE-01",
            must =
                    "A run read in pages while its lease changes hands MUST be complete, contiguous and of one incarnation, or"
                            + " answered gone; its status MUST come from the whole fold",
            why = "a state that was read while the run was taken over lacks a step, or mixes two lives of the run",
            usualFix = "a cursor carries its incarnation and the next place; read the head first, or in one snapshot")
    default void page_01_pagesMakeTheRun(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        Lease lease = a.create("r").lease();
        for (int place = 1; place <= 12; place++) {
            a.step(lease, place, "x".repeat(trial.random().nextInt(120)));
            String id = "m" + trial.random().nextInt(100) + "-" + place;
            a.signal("r", new Message(id, "approved", Bytes.utf8("y".repeat(place * 5))));
        }
        Seen whole = a.read("r");
        for (int bytes : List.of(1, 100, 300, 700, 5000)) {
            Paged paged = Paged.all(b, "r", bytes, () -> {});
            trial.equal("the entries of all pages are", whole.entries(), paged.entries());
            trial.equal("the messages of all pages are", whole.messages(), paged.messages());
            trial.that(paged.isFull(), "something in every page", "an empty page of " + bytes + " bytes");
        }
        takenOverBetweenPages(trial, a, b);
        goneBetweenPages(trial, a, b);
        readWhileItIsTakenOver(trial, a, b);
        JournalRaces.pages(trial);
    }

    /** The run is taken over and goes on between any two pages, and ends. */
    private static void takenOverBetweenPages(Trial trial, Instance a, Instance b) {
        Lease[] lease = {a.create("s").lease()};
        a.steps(lease[0], 1, 6);
        int[] pages = {0};
        Paged paged = Paged.all(b, "s", 1, () -> {
            long length = a.read("s").length();
            if (++pages[0] <= 3) {
                lease[0] = a.supersede("s").lease();
                a.steps(lease[0], length + 1, 1);
            } else if (pages[0] == 4) {
                Instance.done(a.end(lease[0], length, RunStatus.COMPLETED));
            }
        });
        Seen now = a.read("s");
        trial.equal("the entries of all pages are", now.entries(), paged.entries());
        trial.that(paged.incarnations().size() == 1, "one incarnation", paged.incarnations());
        trial.that(pages[0] > 4, "a page for each entry", pages[0] + " pages");
        trial.that(
                Seen.folded(now.head(), paged.entries()).end().isPresent(),
                "an end in the fold of all pages",
                paged.entries());
    }

    private static void goneBetweenPages(Trial trial, Instance a, Instance b) {
        for (String how : List.of("deleted", "created anew", "restored")) {
            Lease lease = a.create(how).lease();
            a.steps(lease, 1, 4);
            a.free(lease);
            Page first = b.store().read(new Read(how, new Cursor.Start(), 1)).orElseThrow();
            Read next = new Read(how, first.next().orElseThrow(), 1);
            trial.that(b.store().read(next).isPresent(), "a second page", "gone");
            if (how.equals("restored")) {
                Instance.done(a.restore(how, a.revision(how), "one", "two", "three", "four"));
            } else {
                a.delete(how);
            }
            if (how.equals("created anew")) {
                a.steps(a.create(how).lease(), 1, 4);
            }
            for (Instance who : List.of(a, b)) {
                trial.equal(
                        "the second page of a run that was " + how + " is",
                        Optional.empty(),
                        who.store().read(next));
            }
        }
    }

    /** One goes on and takes over, the other reads all the time. */
    private static void readWhileItIsTakenOver(Trial trial, Instance a, Instance b) {
        Lease first = a.create("t").lease();
        a.steps(first, 1, 2);
        Callable<List<Paged>> writes = () -> {
            Lease lease = first;
            for (int i = 0; i < 6; i++) {
                a.steps(lease, a.read("t").length(), 2);
                lease = a.supersede("t").lease();
            }
            return List.of();
        };
        Callable<List<Paged>> reads = () -> IntStream.range(0, 6)
                .mapToObj(i -> Paged.all(b, "t", 200, () -> {}))
                .toList();

        List<List<Paged>> answers = trial.atOnce(List.of(writes, reads));

        List<Entry> now = a.read("t").entries();
        for (Paged paged : answers.get(1)) {
            List<Entry> read = paged.entries();
            trial.that(read.size() >= 3, "the entries that were there before", read);
            trial.equal("what was read is", now.subList(0, Math.min(read.size(), now.size())), read);
        }
    }
}
