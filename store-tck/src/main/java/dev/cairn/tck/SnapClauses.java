// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Appended;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Due;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Erase;
import dev.cairn.spi.Erased;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Labels;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.Renewal;
import dev.cairn.spi.Revision;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/** SNAP: restore, the whole state at once. */
interface SnapClauses extends KitClauses {
    private static void createOld(Instance on, String runId) {
        Lease lease = on.create(runId).lease();
        on.steps(lease, 1, Restore.OLD.size());
        on.free(lease);
    }

    @Clause(
            id = "SNAP-01",
            must = "A reader MUST see the old or the new snapshot, never a mixture",
            why = "a run is resumed from steps of two different histories",
            usualFix =
                    "read by the incarnation of the head, change that in one write, and refuse a cursor of another one")
    default void snap_01_oldOrNew(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        createOld(a, "r");
        Restore restore = new Restore(a, "r", a.revision("r"), Restore.NEW);
        for (int part = 0; part < restore.parts(); part++) {
            Optional<Page> half = b.store().read(new Read("r", new Cursor.Start(), 1));
            Cursor.After rest = half.flatMap(Page::next).orElseThrow();

            restore.part(part);

            boolean done = part >= restore.switching();
            for (Instance reader : List.of(a, b)) {
                trial.equal(
                        "after part " + part + " the steps are",
                        done ? Restore.NEW : Restore.OLD,
                        reader.read("r").texts());
                boolean there = reader.store().read(new Read("r", rest, 4096)).isPresent();
                trial.equal("what was half read goes on:", part != restore.switching(), there);
            }
        }
        for (Instance who : trial.sameOtherReopened(a)) {
            trial.equal("the steps are", Restore.NEW, who.read("r").texts());
        }
        atOnce(trial, a, b);
        JournalRaces.restored(trial);
    }

    private static void atOnce(Trial trial, Instance a, Instance b) {
        createOld(a, "raced");
        Revision revision = a.revision("raced");
        Callable<List<List<String>>> restoring = () -> {
            new Restore(a, "raced", revision, Restore.NEW).all();
            return List.of(Restore.NEW);
        };
        Callable<List<List<String>>> reading = () -> {
            List<List<String>> seen = new ArrayList<>();
            for (int reads = 0; reads < 2000 && !seen.contains(Restore.NEW); reads++) {
                Seen.read(b.store(), "raced", 1).map(Seen::texts).ifPresent(seen::add);
            }
            return seen;
        };
        for (List<String> seen : trial.atOnce(List.of(restoring, reading)).get(1)) {
            trial.that(
                    seen.equals(Restore.OLD) || seen.equals(Restore.NEW),
                    "all steps of the old run or all of the new",
                    seen);
        }
    }

    @Clause(
            id = "SNAP-02",
            must =
                    "A restore cut anywhere MUST leave the old or the new state readable, and repeating it MUST finish it",
            why = "whoever restores and dies loses the run, or blocks it for ever",
            usualFix = "write beside the run, and look at the lease, id and token, in the settle that switches")
    default void snap_02_cutRestoreIsRepeated(Trial trial) {
        Instance a = trial.open("A");
        Instance b = trial.open("B");
        int parts = new Restore(a, "none", new Revision(Incarnation.random(), 0), Restore.NEW).parts();
        for (int cut = 1; cut < parts; cut++) {
            String runId = "r" + cut;
            createOld(a, runId);
            Revision expected = a.revision(runId);
            Restore dead = new Restore(a, runId, expected, Restore.NEW).first(cut);
            boolean done = cut > dead.switching();
            trial.equal(
                    "cut after part " + cut + " the steps are",
                    done ? Restore.NEW : Restore.OLD,
                    b.read(runId).texts());
            if (!done) {
                dead.die();
                Restore again = new Restore(b, runId, expected, Restore.NEW).first(1);
                lateParts(trial, dead, a);
                trial.equal(
                        "taken over, the steps are", Restore.OLD, b.read(runId).texts());
                again.rest(1);
                lateParts(trial, dead, a);
            }
            b.leave(runId, dead.lease().incarnation());
            trial.equal("repeated, the steps are", Restore.NEW, a.read(runId).texts());
        }
        CrashPoints.cut(trial, CoreOperations.replace());
        CrashPoints.die(trial, CoreOperations.replace());
    }

    /** Whatever a store makes of the first entry of a restore that was lost: the run stays what it is. */
    private static void lateParts(Trial trial, Restore dead, Instance on) {
        trial.is(Settled.Lost.class, "the switch of who was taken over to be lost", dead.switched());
        on.append(Requests.firstEntry(dead.beside()));
        trial.is(Settled.Lost.class, "the switch of who was taken over to be lost", dead.switched());
    }

    @Clause(
            id = "SNAP-03",
            must = "Anything absent from the new snapshot MUST be absent on read",
            why = "a restored run waits for signals, or has steps and labels, that its saved state never had",
            usualFix = "write every column of the head in a settle, also the empty ones; keep the inbox by incarnation")
    default void snap_03_absentIsAbsent(Trial trial) {
        Instance a = trial.open("A");
        Labels labels = Labels.of(Map.of("tier", "gold", "customer", "7"));
        Lease lease = a.create("r", Requests.newRun(Requests.WORKFLOW, labels, RunStatus.READY))
                .lease();
        a.steps(lease, 1, 5);
        a.store().renew(List.of(new Renewal(lease, Requests.LASTING, "half")));
        a.signal("r", Requests.message("m", "go"));
        Instance.done(a.suspend(lease, 6, Optional.of(Instant.parse("2999-12-31T00:00:00Z")), 1, "stop"));

        new Restore(a, "r", a.revision("r"), Restore.NEW).all();

        for (Instance who : trial.sameOtherReopened(a)) {
            Seen seen = who.read("r");
            trial.equal("the steps are", Restore.NEW, seen.texts());
            trial.equal("the entries are", Restore.NEW.size() + 1L, seen.length());
            trial.equal("the inbox is", List.of(), seen.messages());
            trial.equal("signals:", 0L, seen.head().signals());
            trial.equal("labels:", Labels.NONE, seen.head().labels());
            trial.equal("progress:", "", seen.head().progress());
            trial.equal("awaited signals:", Set.of(), Set.copyOf(seen.head().awaits()));
            trial.equal("status:", RunStatus.READY, seen.head().status());
            trial.that(!seen.head().due().orElseThrow().isAfter(seen.head().changed()), "it to be due", seen.head());
        }
        Lease second = a.take("r").lease();
        HeadChange blocked = HeadChange.blocked("no such version", Due.never()).build();
        Instance.done(a.store().settle(Settle.of(second, blocked)));
        new Restore(a, "r", a.revision("r"), List.of()).all();
        trial.equal("the steps are", List.of(), a.read("r").texts());
        trial.equal("the reason it was blocked for:", "", a.head("r").reason());
    }

    @Clause(
            id = "SNAP-04",
            must = "Loading after k appends MUST equal loading after one snapshot of the same k steps",
            why = "a run goes on elsewhere from another state than the one that was saved",
            usualFix = "write and read the entries of a restored incarnation as those of any other")
    default void snap_04_snapshotEqualsAppends(Trial trial) {
        Instance a = trial.open("A");
        createOld(a, "restored");
        for (int round = 0; round < 2; round++) {
            int k = trial.random().nextInt(12);
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < k; i++) {
                texts.add(i + ":" + "é".repeat(trial.random().nextInt(2000)));
            }
            String runId = "appended" + round;
            Lease lease = a.create(runId).lease();
            for (int i = 0; i < k; i++) {
                trial.equal("step " + i + " is", new Appended.Written(), a.step(lease, i + 1L, texts.get(i)));
            }
            a.free(lease);

            new Restore(a, "restored", a.revision("restored"), texts).all();

            for (Instance who : trial.sameOtherReopened(a)) {
                Seen appended = who.read(runId);
                Seen restored = who.read("restored");
                trial.equal("bodies of " + k + " steps:", bodies(appended), bodies(restored));
                trial.equal(
                        "revision:",
                        appended.revision().count(),
                        restored.revision().count());
                trial.equal("status:", appended.head().status(), restored.head().status());
                trial.equal("entries:", appended.length(), restored.length());
            }
        }
    }

    private static List<Bytes> bodies(Seen seen) {
        return seen.entries().stream().map(Entry::body).toList();
    }

    @Clause(
            id = "SNAP-05",
            must =
                    "What a cut restore left MUST be gone after one purge past the fence time, and a purge MUST NOT harm a"
                            + " restore under way",
            why = "every restore that dies fills the database, or every purge ends the restores that run",
            usualFix = "sweep what a head without a lease has named for longer than the fence time, and nothing else")
    default void snap_05_leftoversAreSwept(Trial trial) {
        Instance a = trial.open("A", trial.options().fenceTime(Purge.FENCE_TIME).build());
        Instance patient = trial.open("patient");
        long before = Purge.objects(trial, a);
        List.of("cut", "freed", "live").forEach(runId -> createOld(a, runId));
        new Restore(a, "cut", a.revision("cut"), Restore.NEW).first(5).die();
        Restore freed = new Restore(a, "freed", a.revision("freed"), Restore.NEW).first(4);
        Instance.done(
                a.store().settle(Settle.of(freed.lease(), HeadChange.freed().build())));
        Restore live = new Restore(a, "live", a.revision("live"), Restore.NEW).first(4);
        long named = Purge.objects(trial, a);

        trial.pass(Purge.FENCE_TIME.plusMillis(20));
        Erase young = Purge.fences(patient.head("freed"));
        trial.equal(
                "within the fence time it is",
                List.of(Erased.KEPT),
                patient.store().erase(List.of(young)));
        Erase held = Purge.fences(a.head("live"));
        trial.equal("under a live lease it is", List.of(Erased.KEPT), a.store().erase(List.of(held)));
        trial.equal("objects before the purge:", named, Purge.objects(trial, a));
        a.purge(Duration.ofDays(1), 100);

        for (String runId : List.of("cut", "freed")) {
            trial.equal(
                    "the steps of " + runId + " are",
                    Restore.OLD,
                    patient.read(runId).texts());
            trial.equal("named beside it are", Map.of(), patient.head(runId).beside());
        }
        live.part(4);
        trial.equal("the restore under way is", true, live.switched() instanceof Settled.Done);
        a.leave("live", live.lease().incarnation());
        trial.equal("the steps of live are", Restore.NEW, patient.read("live").texts());
        arrivalIsGivenUp(trial, a);
        // What is left of the restores is nobody's now, and would stay when the runs are gone.
        List.of("cut", "freed", "live").forEach(a::delete);
        trial.pass(Purge.FENCE_TIME.plusMillis(20));
        a.purge(Duration.ofDays(1), 100);
        trial.equal("objects stored in the end:", before, Purge.objects(trial, a));
        Leftovers.swept(trial);
        Leftovers.raced(trial);
    }

    private static void arrivalIsGivenUp(Trial trial, Instance a) {
        Granted arriving = a.create("arriving", Requests.newRun(Requests.WORKFLOW, Labels.NONE, RunStatus.ARRIVING));
        a.steps(arriving.lease(), 1, 2);
        trial.pass(Purge.FENCE_TIME.plusMillis(20));
        a.purge(Duration.ofDays(1), 100);
        Head held = a.head("arriving");
        trial.equal("an arrival under a live lease is", RunStatus.ARRIVING, held.status());

        a.expire(arriving.lease());
        a.purge(Duration.ofDays(1), 100);

        trial.equal("an arrival that was cut is read as", Optional.empty(), a.find("arriving"));
        Settled late = a.store()
                .settle(Settle.of(arriving.lease(), HeadChange.ready(Due.now()).build()));
        trial.is(Settled.Lost.class, "its settle to be lost", late);
    }
}
