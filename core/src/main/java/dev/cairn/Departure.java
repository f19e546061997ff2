// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.spi.CommitId;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.EntryCodec;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Erase;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.Received;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.state.RunStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A run that leaves its store, under the lease of its mover. */
final class Departure {
    private final Connection source;
    private final Restores restores;
    private final Granted granted;
    private final SelfKept lease;

    Departure(Connection source, Restores restores, HolderClock.Mark sent, Granted granted) {
        this.source = source;
        this.restores = restores;
        this.granted = granted;
        this.lease = new SelfKept(source, sent, granted);
    }

    Lease lease() {
        return lease.lease();
    }

    /** Renews its lease where that is due: a copy may take long. */
    void keep() {
        lease.keep();
    }

    /**
     * Reads the run.
     *
     * @throws ConflictException if somebody has taken it over meanwhile
     */
    Exported read() {
        Exported run = new Exported(granted.page().head());
        Optional<Page> page = Optional.of(granted.page());
        while (page.isPresent()) {
            run.add(page.get());
            page = page.get().next().map(this::page);
        }
        if (run.fold().isStripped()
                || (run.fold().end().isEmpty() && !run.fold().isHeldBy(lease()))) {
            throw takenOver();
        }
        return run;
    }

    private Page page(Cursor.After from) {
        lease.keep();
        Read request = new Read(lease().runId(), from, source.limits().entryBytes());
        return source.repeats().untilKnown(() -> source.store().read(request)).orElseThrow(this::takenOver);
    }

    private ConflictException takenOver() {
        return new ConflictException(
                "run " + lease().runId() + " was taken over meanwhile; it is as the other one leaves it. Look again");
    }

    /**
     * Ends the run here as one that went elsewhere: the one act that decides where it is. Its entry proves that nothing was
     * written since it was exported. A run that had ended takes no more entries; its head alone says it, under the lease, so
     * that nobody reopens it.
     *
     * @param target which run of which namespace it is there
     * @return whether it has left; if not, it is as somebody else leaves it
     */
    boolean leaveFor(String target, Exported run) {
        HeadChange moved = HeadChange.moved(target).build();
        if (run.end().isPresent()) {
            return settled(Settle.of(lease(), moved)) instanceof Settled.Done;
        }
        Head head = run.head();
        // Where somebody died while they reopened it, the head still shows its end; the journal does not.
        RunStatus status = head.status().isTerminal() ? RunStatus.READY : head.status();
        EntryBody.Moved body = new EntryBody.Moved(target, status, head.reason(), head.due());
        while (true) {
            long place = run.fold().length();
            Entry entry =
                    Entry.of(lease(), place, EntryKind.END, CommitId.of(lease().id(), place), EntryCodec.encode(body));
            Settled answer = settled(Settle.of(entry, moved));
            if (answer instanceof Settled.Taken taken && isLate(taken.entry())) {
                run.add(taken.entry());
            } else if (answer instanceof Settled.Done) {
                run.add(entry);
                return true;
            } else {
                return false;
            }
        }
    }

    /** An entry that does not count is stepped over (contract STEP-10). */
    private boolean isLate(Entry there) {
        return there.kind() != EntryKind.STRIPPED && there.lease().token() < lease().token();
    }

    private Settled settled(Settle request) {
        return source.repeats().untilDone(() -> source.store().settle(request));
    }

    /** Reads its inbox, now that its head says ended and takes no more signals (contract SIG-07). */
    void lastSignals(Exported run) {
        List<Received> messages = new ArrayList<>();
        Page page = page(new Cursor.After(lease().incarnation(), run.fold().length(), -1, ""));
        messages.addAll(page.messages());
        while (page.next().isPresent()) {
            page = page(page.next().get());
            messages.addAll(page.messages());
        }
        run.again(page.head(), messages);
    }

    /** Deletes the run here. */
    void delete(Exported run) {
        restores.settleOrConflict(granted, HeadChange.gone(run.head().signals()).build());
        source.repeats()
                .untilKnown(() ->
                        source.store().erase(List.of(new Erase.Leftover(lease().runId(), lease().incarnation()))));
    }

    /** Gives the run back as it is. That its lease stands no more is no failure: there is nothing to give. */
    void free() {
        source.repeats()
                .untilKnown(() -> source.store()
                        .settle(Settle.of(lease(), HeadChange.freed().build())));
    }
}
