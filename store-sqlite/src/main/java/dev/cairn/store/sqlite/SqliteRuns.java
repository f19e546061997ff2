// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

import dev.cairn.error.CorruptException;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Claim;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Erase;
import dev.cairn.spi.Erased;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadRules;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Message;
import dev.cairn.spi.Page;
import dev.cairn.spi.Refused;
import dev.cairn.spi.Renewal;
import dev.cairn.spi.Renewed;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.Signalled;
import dev.cairn.spi.StoreOptions;
import dev.cairn.spi.WorkflowVersions;
import dev.cairn.state.RunStatus;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What each method does inside its one write transaction: reads the head, lets the rules decide, writes. The clock is read
 * after the lock was taken, so that no deadline is shortened by waiting (LEASE-10).
 */
final class SqliteRuns {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteRuns.class);

    private final SqliteHeads heads;
    private final SqliteJournal journal;
    private final StoreOptions options;

    SqliteRuns(SqliteHeads heads, SqliteJournal journal, StoreOptions options) {
        this.heads = heads;
        this.journal = journal;
        this.options = options;
    }

    /** Writes an entry of a batch, or the first one of an incarnation that the head names beside it (a restore). */
    Appended append(SqliteSession session, Entry entry) throws SQLException {
        boolean written = entry.place() == 0
                ? isNamed(session, entry.lease()) && journal.insert(session, entry)
                : journal.append(session, entry).executeUpdate() == 1;
        return written ? new Appended.Written() : standing(session, entry);
    }

    private boolean isNamed(SqliteSession session, Lease lease) {
        return heads.find(session, lease.runId())
                .filter(head -> head.admits(lease))
                .isPresent();
    }

    /** The answer to an entry that was not written. */
    Appended standing(SqliteSession session, Entry entry) throws SQLException {
        Optional<Entry> standing =
                journal.at(session, entry.lease().runId(), entry.lease().incarnation(), entry.place());
        return standing.isPresent() ? new Appended.Taken(standing.get()) : new Appended.Fenced();
    }

    Acquired acquire(SqliteSession session, Acquire request) throws SQLException {
        Instant now = session.now();
        Optional<Head> found = heads.find(session, request.runId());
        SqliteMarks marks = journal.marks(session, found);
        HeadRules.Decision decision = HeadRules.acquire(request, found, marks, now);
        if (decision instanceof HeadRules.Grant grant) {
            write(session, found, grant);
            return granted(session, grant.head(), options.pageBytes(), now);
        }
        if (decision instanceof HeadRules.Again) {
            return granted(session, found.orElseThrow(), options.pageBytes(), now);
        }
        if (decision instanceof HeadRules.Refuse refusal) {
            return refused(session, refusal.reason(), found, marks, now);
        }
        throw new AssertionError(decision);
    }

    private void write(SqliteSession session, Optional<Head> found, HeadRules.Grant grant) {
        boolean sameRun = found.map(Head::incarnation)
                .filter(grant.head().incarnation()::equals)
                .isPresent();
        if (sameRun) {
            heads.update(session, grant.head());
        } else {
            found.ifPresent(old -> journal.delete(session, old.runId(), old.incarnation()));
            heads.create(session, grant.head());
        }
        if ((sameRun && grant.entry().place() == 0) || !journal.insert(session, grant.entry())) {
            throw new CorruptException("run " + grant.head().runId() + ", incarnation "
                    + grant.head().incarnation()
                    + ": place 0 is free or missing; restore the database from a backup, or"
                    + " delete the run");
        }
    }

    private Granted granted(SqliteSession session, Head head, int pageBytes, Instant now) throws SQLException {
        Page page = journal.page(session, head, new Cursor.Start(), pageBytes, now);
        Duration left = head.lease().orElseThrow().left(now);
        return new Granted(head.standing().orElseThrow(), left, page);
    }

    private Refused refused(
            SqliteSession session, Refused.Reason reason, Optional<Head> found, SqliteMarks marks, Instant now)
            throws SQLException {
        Optional<Head> shown = found.filter(head -> head.status() != RunStatus.GONE);
        Duration left = shown.flatMap(Head::lease).map(term -> term.left(now)).orElse(Duration.ZERO);
        List<Entry> ended = new ArrayList<>();
        if (reason == Refused.Reason.ENDED && marks.end().isPresent()) {
            Head head = shown.orElseThrow();
            for (long place : new long[] {0, marks.end().getAsLong()}) {
                journal.at(session, head.runId(), head.incarnation(), place).ifPresent(ended::add);
            }
        }
        return new Refused(reason, shown, left, ended);
    }

    List<Granted> claim(SqliteSession session, Claim claim) throws SQLException {
        Instant now = session.now();
        List<Granted> answers = new ArrayList<>();
        List<Head> before = heads.leased(session, claim.id());
        for (Head head : before) { // a repeat: what still stands, and no further run (LEASE-14)
            answers.add(granted(session, head, options.pageBytes() / before.size(), now));
        }
        if (!before.isEmpty()) {
            return answers;
        }
        List<SqliteHeads.Claimable> due = due(session, claim, now);
        for (SqliteHeads.Claimable run : due) {
            claimOne(session, claim, run, options.pageBytes() / due.size(), now).ifPresent(answers::add);
        }
        return answers;
    }

    private List<SqliteHeads.Claimable> due(SqliteSession session, Claim claim, Instant now) {
        Set<String> seen = new HashSet<>();
        List<SqliteHeads.Claimable> due = new ArrayList<>();
        for (WorkflowVersions workflow : claim.workflows()) {
            due.addAll(heads.claimable(session, workflow, claim.limit(), now));
        }
        return due.stream()
                .sorted(Comparator.comparingLong(SqliteHeads.Claimable::wake))
                .filter(run -> seen.add(run.runId()))
                .limit(claim.limit())
                .toList();
    }

    /** One run that is damaged must not keep all the others from being claimed: it is left as it was, and said. */
    private Optional<Granted> claimOne(
            SqliteSession session, Claim claim, SqliteHeads.Claimable run, int pageBytes, Instant now)
            throws SQLException {
        session.update("SAVEPOINT cairn_claim");
        try {
            Acquire request = HeadRules.claimOne(claim, run.runId(), run.workflow());
            Optional<Head> found = heads.find(session, run.runId());
            HeadRules.Decision decision = HeadRules.acquire(request, found, journal.marks(session, found), now);
            if (!(decision instanceof HeadRules.Grant grant)) {
                return Optional.empty();
            }
            write(session, found, grant);
            return Optional.of(granted(session, grant.head(), pageBytes, now));
        } catch (CorruptException e) {
            session.update("ROLLBACK TO cairn_claim");
            LOG.warn("run {} is due and cannot be claimed: {}", run.runId(), e.getMessage());
            return Optional.empty();
        } finally {
            session.update("RELEASE cairn_claim");
        }
    }

    Settled settle(SqliteSession session, Settle request) throws SQLException {
        Instant now = session.now();
        Lease lease = request.lease();
        Optional<Head> found = heads.find(session, lease.runId());
        Entry entry = request.entry().orElse(null);
        Optional<Entry> standing = entry == null
                ? Optional.empty()
                : journal.at(session, lease.runId(), lease.incarnation(), entry.place());
        if (standing.isPresent() && !standing.equals(request.entry())) {
            return new Settled.Taken(standing.get());
        }
        Settled decided = HeadRules.settle(request, found, now);
        if (!(decided instanceof Settled.Done done)) {
            boolean repeated = standing.isPresent() && found.isPresent(); // done by this very commit before
            return repeated ? new Settled.Done(found.get()) : decided;
        }
        if (entry != null
                && standing.isEmpty()
                && journal.append(session, entry).executeUpdate() == 0) {
            return new Settled.Lost(found);
        }
        Head head = inMillis(done.head());
        heads.update(session, head);
        return new Settled.Done(head);
    }

    /** As it is stored, so that the answer is what the next read says. */
    private static Head inMillis(Head head) {
        return head.edit()
                .due(head.due().map(SqliteSession::ceilMillis).map(Instant::ofEpochMilli))
                .build();
    }

    Renewed renew(SqliteSession session, Renewal renewal, Instant now) {
        Optional<Head> renewed =
                HeadRules.renew(renewal, heads.find(session, renewal.lease().runId()), now);
        renewed.ifPresent(head -> heads.update(session, head));
        return renewed.isPresent() ? new Renewed.Held(renewal.ttl()) : new Renewed.Lost();
    }

    Signalled signal(SqliteSession session, String runId, Message message) throws SQLException {
        Instant now = session.now();
        Optional<Head> found = heads.find(session, runId);
        Signalled answer = HeadRules.receives(found);
        if (answer == Signalled.STORED) {
            Head head = found.orElseThrow();
            boolean isNew = journal.receive(session, head, message) == 1;
            heads.update(session, HeadRules.signalled(head, message.name(), isNew, now));
        }
        return answer;
    }

    Erased erase(SqliteSession session, Erase erase) throws SQLException {
        Optional<Head> found = heads.find(session, erase.runId());
        if (erase instanceof Erase.Leftover leftover) {
            if (!HeadRules.isLeftover(leftover, found)) {
                return Erased.KEPT;
            }
            journal.delete(session, erase.runId(), leftover.incarnation());
            return Erased.ERASED;
        }
        if (erase instanceof Erase.Ended ended) {
            return eraseEnded(session, ended, found);
        }
        if (erase instanceof Erase.Fences fences) {
            return sweep(session, fences, found);
        }
        throw new AssertionError(erase);
    }

    private Erased eraseEnded(SqliteSession session, Erase.Ended ended, Optional<Head> found) throws SQLException {
        Optional<Head> gone = HeadRules.erase(ended, found, session.now());
        gone.ifPresent(head -> {
            heads.update(session, head);
            journal.delete(session, head.runId(), head.incarnation());
        });
        boolean before = found.filter(head -> head.status() != RunStatus.GONE).isEmpty();
        return gone.isPresent() || before ? Erased.ERASED : Erased.KEPT;
    }

    private Erased sweep(SqliteSession session, Erase.Fences fences, Optional<Head> found) throws SQLException {
        Instant fencesBefore = session.now().minus(options.fenceTime());
        Optional<HeadRules.Sweep> sweep = HeadRules.sweep(fences, found, fencesBefore);
        if (sweep.isEmpty()) {
            return found.isEmpty() ? Erased.ERASED : Erased.KEPT;
        }
        sweep.get().remove().forEach(incarnation -> journal.delete(session, fences.runId(), incarnation));
        sweep.get()
                .head()
                .ifPresentOrElse(head -> heads.update(session, head), () -> heads.delete(session, fences.runId()));
        return Erased.ERASED;
    }
}
