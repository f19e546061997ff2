// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.state.RunStatus;
import dev.cairn.state.StepOutcome;
import dev.cairn.state.StepRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** A party that holds a lease and writes. */
final class SplitHolder {
    private final SplitProtocol store;
    private final Consumer<SplitFact> tell;
    private final String name;
    private final Granted granted;
    private long place;
    private int commits;

    SplitHolder(SplitProtocol store, Consumer<SplitFact> tell, String name, Granted granted) {
        this.store = store;
        this.tell = tell;
        this.name = name;
        this.granted = granted;
        this.place = granted.page().entries().size();
        tell.accept(new SplitFact.Granted(
                granted.lease().id(),
                granted.lease().incarnation(),
                granted.lease().token()));
    }

    String name() {
        return name;
    }

    Page page() {
        return granted.page();
    }

    Lease lease() {
        return granted.lease();
    }

    Entry entry(EntryBody body) {
        CommitId id = CommitId.of(granted.lease().id(), ++commits);
        return Entry.of(granted.lease(), place, EntryCodec.kindOf(body), id, EntryCodec.encode(body));
    }

    boolean step(String key) {
        Entry entry = entry(new EntryBody.Steps(List.of(record(key))));
        while (true) {
            Appended answer = store.append(entry);
            if (isDone(answer, entry)) {
                return acked(entry);
            }
            if (!(answer instanceof Appended.Taken taken) || isLost(taken.entry(), entry)) {
                return false;
            }
            entry = entry.at(entry.place() + 1);
        }
    }

    static boolean isDone(Appended answer, Entry entry) {
        return answer instanceof Appended.Written || isOwn(answer, entry);
    }

    private static boolean isOwn(Appended answer, Entry entry) {
        return answer instanceof Appended.Taken taken && taken.entry().equals(entry);
    }

    /** An entry that does not count is stepped over (STEP-10); whatever else stands there, the lease is lost. */
    private static boolean isLost(Entry there, Entry mine) {
        return there.kind() == EntryKind.STRIPPED
                || there.lease().token() > mine.lease().token()
                || (there.lease().token() == mine.lease().token()
                        && !there.kind().isGrant());
    }

    private boolean acked(Entry entry) {
        place = entry.place() + 1;
        tell.accept(new SplitFact.Acked(entry.lease().incarnation(), entry.commitId(), entry.kind()));
        return true;
    }

    boolean settle(EntryBody body, HeadChange change) {
        Entry entry = entry(body);
        while (true) {
            Settled answer = store.settle(Settle.of(entry, change));
            if (answer instanceof Settled.Done) {
                return acked(entry);
            }
            if (!(answer instanceof Settled.Taken taken) || isLost(taken.entry(), entry)) {
                return false;
            }
            entry = entry.at(entry.place() + 1);
        }
    }

    boolean end(RunStatus status) {
        return settle(
                new EntryBody.End(status, new StepOutcome.Nothing(), ""),
                HeadChange.ended(status).build());
    }

    boolean suspend(Optional<Instant> due, String... awaits) {
        long seen = granted.page().head().signals();
        Due when = due.map(Due::at).orElse(Due.never());
        return settle(
                EntryBody.Suspension.of(Set.of(awaits), due, seen),
                HeadChange.suspended(Set.of(awaits), when, seen).build());
    }

    Settled head(HeadChange change) {
        return store.settle(Settle.of(granted.lease(), change));
    }

    static StepRecord record(String key) {
        return new StepRecord(
                key,
                0,
                StepRecord.Grouping.SINGLE,
                0,
                StepRecord.Source.BODY,
                SplitScripts.START,
                Duration.ZERO,
                new StepOutcome.Nothing());
    }
}
