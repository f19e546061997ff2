// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Granted;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Message;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.Signalled;
import dev.cairn.spi.StateStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Stores that are wrong about signals and timers. */
final class SigMutants {
    private static final String WAKE =
            "change.signals() == HeadChange.Signals.WAKE_IF_MORE && head.signals() > change.signalsSeen();";
    private static final String SAME = "if (more && change.signals() == HeadChange.Signals.SAME) {";

    private SigMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.core(
                        "SIG-01",
                        "deletes: the number of signals when the run suspends",
                        "spi/HeadRules.java",
                        WAKE,
                        "change.signals() == HeadChange.Signals.WAKE_IF_MORE && head.signals() < 0;"),
                Mutant.core(
                        "SIG-01",
                        "keeps no signal of a run that does not wait",
                        "memory/Transaction.java",
                        "if (answer == Signalled.STORED) {",
                        "if (answer == Signalled.STORED && found.orElseThrow().status() == RunStatus.SUSPENDED) {"),
                Mutant.store("SIG-02", "looks into the inbox, then suspends", LookThenSuspend::new),
                Mutant.core(
                        "SIG-02",
                        "a signal wakes nobody who waits already",
                        "spi/HeadRules.java",
                        "head.status() == RunStatus.SUSPENDED && head.awaits().contains(name)",
                        "head.status() == RunStatus.SUSPENDED && head.awaits().contains(name + name)"),
                Mutant.sqlite(
                        "SIG-02",
                        "writes the message and not that the run is due",
                        "SqliteRuns.java",
                        "heads.update(session, HeadRules.signalled(head, message.name(), isNew, now));",
                        "heads.update(session, head.edit().signals(head.signals() + (isNew ? 1 : 0)).build());"),
                Mutant.core(
                        "SIG-03",
                        "who is handed a signal takes it out of the inbox",
                        "memory/StoredJournal.java",
                        "return Collections.unmodifiableCollection(inbox);",
                        "Collection<Received> taken = List.copyOf(inbox); inbox.clear(); return taken;"),
                Mutant.sqlite(
                        "SIG-03",
                        "the end of a run empties its inbox",
                        "SqliteRuns.java",
                        "        Head head = inMillis(done.head());\n",
                        """
                                Head head = inMillis(done.head());
                                if (head.status().isTerminal()) {
                                    session.update("DELETE FROM cairn_message");
                                }
                        """),
                Mutant.core(
                        "SIG-04",
                        "deletes: whether the signal is in the inbox",
                        "memory/Transaction.java",
                        "boolean isNew = !journal.hasReceived(message);",
                        "boolean isNew = true;"),
                Mutant.sqlite(
                        "SIG-04",
                        "a signal that is sent again replaces the first",
                        "SqliteJournal.java",
                        "VALUES (:number, :id, :name, :order, :checksum, :payload) ON CONFLICT DO NOTHING",
                        "VALUES (:number, :id, :name, :order, :checksum, :payload) ON CONFLICT (journal, message_id)"
                                + " DO UPDATE SET payload = excluded.payload, checksum = excluded.checksum"),
                Mutant.sqlite(
                        "SIG-04",
                        "messages are in order of their ids",
                        "SqliteJournal.java",
                        "ORDER BY position, message_id",
                        "ORDER BY message_id"),
                Mutant.core(
                        "SIG-05",
                        "deletes: whether the run has ended",
                        "spi/HeadRules.java",
                        "return status.isTerminal() ? Signalled.ENDED : Signalled.STORED;",
                        "return Signalled.STORED;"),
                Mutant.sqlite(
                        "SIG-05",
                        "the inbox of a deleted run stays, and its number is used again",
                        "SqliteJournal.java",
                        "session.update(DELETE_MESSAGES, \"number\", number);",
                        ""),
                Mutant.store("SIG-05", "keeps a signal for a run that is not there yet", KeepsForLater::new),
                Mutant.core(
                        "SIG-06",
                        "deletes: the due time of a run that is ready",
                        "spi/Head.java",
                        "return !status.isTerminal() && due.isPresent() && !due.get().isAfter(now);",
                        "return !status.isTerminal() && due.isPresent();"),
                Mutant.sqlite(
                        "SIG-06",
                        "claims what is due within the hour",
                        "SqliteHeads.java",
                        "AND wake <= :now",
                        "AND wake <= :now + 3600000"),
                Mutant.core(
                        "SIG-06",
                        "a takeover forgets when the run is due",
                        "spi/HeadRules.java",
                        ".token(head.token() + 1)",
                        ".token(head.token() + 1).due(Optional.empty())"),
                Mutant.core(
                        "SIG-07",
                        "deletes: the number of signals that a delete has seen",
                        "spi/HeadRules.java",
                        SAME,
                        "if (more && change.signals() == HeadChange.Signals.SAME && change.switchTo().isPresent()) {"),
                Mutant.core(
                        "SIG-07",
                        "deletes: the number of signals that a restore has seen",
                        "spi/HeadRules.java",
                        SAME,
                        "if (more && change.signals() == HeadChange.Signals.SAME && change.switchTo().isEmpty()) {"),
                Mutant.sqlite(
                        "SIG-07",
                        "signals are not counted in the head",
                        "SqliteRuns.java",
                        "HeadRules.signalled(head, message.name(), isNew, now)",
                        "HeadRules.signalled(head, message.name(), isNew && message.id().isEmpty(), now)"));
    }

    static final class LookThenSuspend extends Wrong {
        LookThenSuspend(StateStore right) {
            super(right);
        }

        @Override
        public Settled settle(Settle request) {
            HeadChange change = request.change();
            long signals = right.read(new Read(request.lease().runId(), new Cursor.Start(), 4 << 20))
                    .map(Page::head)
                    .orElseThrow()
                    .signals();
            boolean suspends = change.signals() == HeadChange.Signals.WAKE_IF_MORE;
            if (!suspends || signals > change.signalsSeen()) {
                return super.settle(request);
            }
            pause();
            HeadChange blind = HeadChange.suspended(change.awaits(), change.due(), Long.MAX_VALUE)
                    .build();
            return super.settle(Settle.of(request.entry().orElseThrow(), blind));
        }
    }

    private static final class KeepsForLater extends Wrong {
        private final Map<String, Message> kept = new HashMap<>();

        KeepsForLater(StateStore right) {
            super(right);
        }

        @Override
        public Signalled signal(String runId, Message message) {
            Signalled answer = super.signal(runId, message);
            if (answer == Signalled.ABSENT) {
                kept.put(runId, message);
            }
            return answer;
        }

        @Override
        public Acquired acquire(Acquire request) {
            Acquired answer = super.acquire(request);
            Optional<Message> early = Optional.ofNullable(kept.get(request.runId()));
            if (answer instanceof Granted && early.isPresent()) {
                super.signal(request.runId(), early.get());
                return super.acquire(request);
            }
            return answer;
        }
    }
}
