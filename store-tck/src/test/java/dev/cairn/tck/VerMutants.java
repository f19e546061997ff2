// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Read;
import dev.cairn.spi.Refused;
import dev.cairn.spi.StateStore;
import java.util.List;

/** Stores that are wrong about who creates a run, and about revisions. */
final class VerMutants {
    private static final String COMPARED = ".filter(expected -> !expected.equals(revision))";

    private VerMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.store("VER-01", "looks whether the run is there, then creates it", LookThenCreate::new),
                Mutant.core(
                        "VER-01",
                        "deletes: the live lease of who imports a run",
                        "spi/HeadRules.java",
                        "return !head.isLeased(now);",
                        "return true;"),
                Mutant.core("VER-02", "a grant is counted like a commit", "spi/Fold.java", """
                            grant = entry;
                            end = null;
                """, """
                            grant = entry;
                            count++;
                            end = null;
                """),
                Mutant.sqlite(
                        "VER-02",
                        "grants are counted in a revision",
                        "SqliteMarks.java",
                        "next - mark.place() - 1 : 0",
                        "next - mark.place() : 0"),
                Mutant.sqlite("VER-02", "the end is not counted in a revision", "SqliteMarks.java", """
                                end = mark.place();
                                count++;
                """, """
                                end = mark.place();
                """),
                Mutant.core(
                        "VER-03",
                        "restores by comparing the head alone",
                        "spi/HeadRules.java",
                        COMPARED,
                        ".filter(expected -> !expected.incarnation().equals(revision.incarnation()))"),
                Mutant.core(
                        "VER-03",
                        "deletes: the revision of a run whose holder's lease ran out",
                        "spi/HeadRules.java",
                        COMPARED,
                        ".filter(expected -> head.lease().isEmpty() && !expected.equals(revision))"),
                Mutant.core(
                        "VER-04",
                        "deletes: the removal of the journal of a deleted run",
                        "memory/Transaction.java",
                        "runs.removeJournal(leftover.runId(), leftover.incarnation());",
                        ""),
                Mutant.core(
                        "VER-04",
                        "deletes: the removal of the journal of a purged run",
                        "memory/Transaction.java",
                        "runs.removeJournal(head.runId(), head.incarnation());",
                        ""),
                Mutant.sqlite(
                        "VER-04",
                        "deletes: the removal of the journal of a replaced run",
                        "SqliteRuns.java",
                        "journal.delete(session, erase.runId(), leftover.incarnation());",
                        ""),
                Mutant.store("VER-04", "creates a run that is to be taken and missing", store -> new Wrong(store) {
                    @Override
                    public Acquired acquire(Acquire request) {
                        Acquired answer = super.acquire(request);
                        if (answer instanceof Refused refused && refused.reason() == Refused.Reason.ABSENT) {
                            super.acquire(Requests.acquire(request.runId(), new Acquire.Create(Requests.newRun())));
                        }
                        return answer;
                    }
                }),
                Mutant.core(
                        "VER-05",
                        "a change is compared with the incarnation alone",
                        "spi/HeadRules.java",
                        COMPARED,
                        ".filter(expected -> !expected.incarnation().equals(revision.incarnation()))"),
                Mutant.core(
                        "VER-06",
                        "deletes: the incarnations that a head carries or names",
                        "spi/HeadRules.java",
                        "old.isPresent() && old.get().names(run.incarnation())",
                        "old.isEmpty() && run.incarnation().id() == null"),
                Mutant.core(
                        "VER-06",
                        "forgets the incarnations that were left behind",
                        "spi/Head.java",
                        "return incarnation.equals(other) || beside.containsKey(other);",
                        "return incarnation.equals(other);"));
    }

    /** Who was too late takes what the first one made. */
    static final class LookThenCreate extends Wrong {
        LookThenCreate(StateStore right) {
            super(right);
        }

        @Override
        public Acquired acquire(Acquire request) {
            boolean create = request.target() instanceof Acquire.Create;
            if (!create
                    || right.read(new Read(request.runId(), new Cursor.Start(), 1))
                            .isPresent()) {
                return super.acquire(request);
            }
            pause();
            Acquired answer = super.acquire(request);
            Condition any = Condition.open().over(Condition.Over.LIVE).build();
            return answer instanceof Refused
                    ? super.acquire(Requests.acquire(request.runId(), new Acquire.Take(any)))
                    : answer;
        }
    }
}
