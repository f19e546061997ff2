// SPDX-License-Identifier: Apache-2.0
package dev.cairn.memory;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Claim;
import dev.cairn.spi.CommitId;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.EntryCodec;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Labels;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.NewRun;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.WorkflowVersions;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import dev.cairn.state.StepOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** What core sends to a store, in short. */
final class Sent {
    static final Duration TTL = Duration.ofSeconds(10);
    static final String WORKFLOW = "fulfil";
    static final Bytes GRANT = Bytes.utf8("{\"grant\":1}");

    private Sent() {}

    static NewRun newRun() {
        return newRun(Incarnation.random());
    }

    static NewRun newRun(Incarnation incarnation) {
        return new NewRun(WORKFLOW, 1, incarnation, Labels.NONE, RunStatus.READY, GRANT, 0);
    }

    static Acquire acquire(String runId, Acquire.Target target) {
        return new Acquire(runId, LeaseId.random(), TTL, target, GRANT);
    }

    static Granted create(StateStore store, String runId) {
        return (Granted) store.acquire(acquire(runId, new Acquire.Create(newRun())));
    }

    static Claim claim(int limit) {
        return new Claim(LeaseId.random(), List.of(new WorkflowVersions(WORKFLOW, 1, Set.of(1))), limit, TTL, GRANT);
    }

    /** The n-th entry of a holder, at a place. */
    static Entry entry(Granted holder, long place, String text) {
        return Entry.of(
                holder.lease(),
                place,
                EntryKind.PLAIN,
                CommitId.of(holder.lease().id(), place),
                Bytes.utf8(text));
    }

    static Appended append(StateStore store, Entry entry) {
        return store.append(List.of(entry)).get(0);
    }

    static Settled end(StateStore store, Granted holder, long place, RunStatus status) {
        Bytes body = EntryCodec.encode(new EntryBody.End(status, new StepOutcome.Nothing(), ""));
        Entry end = Entry.of(
                holder.lease(), place, EntryKind.END, CommitId.of(holder.lease().id(), place), body);
        return store.settle(Settle.of(end, HeadChange.ended(status).build()));
    }

    static Page read(StateStore store, String runId) {
        return store.read(new Read(runId, new Cursor.Start(), 1 << 20)).orElseThrow();
    }

    static Head head(StateStore store, String runId) {
        return read(store, runId).head();
    }
}
