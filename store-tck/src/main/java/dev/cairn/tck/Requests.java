// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Claim;
import dev.cairn.spi.CommitId;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.EntryCodec;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Labels;
import dev.cairn.spi.Lease;
import dev.cairn.spi.LeaseId;
import dev.cairn.spi.Message;
import dev.cairn.spi.NewRun;
import dev.cairn.spi.WorkflowVersions;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import dev.cairn.state.StepOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What core sends to a store, in short. */
final class Requests {
    /** Of a lease that does not run out while a clause is tried, on however slow a machine. */
    static final Duration LASTING = Duration.ofMinutes(20);

    static final String WORKFLOW = "fulfil";

    private Requests() {}

    /** The body of a grant that carries an input. */
    static Bytes origin() {
        EntryBody.Origin origin = new EntryBody.Origin("scope", Bytes.utf8("{\"order\":10248}"), Optional.empty());
        return EntryCodec.encode(new EntryBody.Grant("worker", "host", WORKFLOW, 1, Optional.of(origin)));
    }

    /** The body of a grant over an existing run. */
    static Bytes grant() {
        return EntryCodec.encode(new EntryBody.Grant("worker", "host", WORKFLOW, 1, Optional.empty()));
    }

    static NewRun newRun() {
        return newRun(WORKFLOW, Labels.NONE, RunStatus.READY);
    }

    static NewRun newRun(String workflow, Labels labels, RunStatus arrival) {
        return new NewRun(workflow, 1, Incarnation.random(), labels, arrival, origin(), 0);
    }

    static Acquire acquire(String runId, Acquire.Target target) {
        return acquire(runId, target, LASTING);
    }

    static Acquire acquire(String runId, Acquire.Target target, Duration ttl) {
        return new Acquire(runId, LeaseId.random(), ttl, target, grant());
    }

    static Claim claim(int limit) {
        return claim(limit, LASTING);
    }

    static Claim claim(int limit, Duration ttl) {
        return new Claim(LeaseId.random(), List.of(new WorkflowVersions(WORKFLOW, 1, Set.of(1))), limit, ttl, grant());
    }

    /** An entry whose commit id is the holder's for this place, as core counts them. */
    static Entry entry(Lease lease, long place, EntryKind kind, Bytes body) {
        return Entry.of(lease, place, kind, CommitId.of(lease.id(), place), body);
    }

    static Entry entry(Lease lease, long place, EntryBody body) {
        return entry(lease, place, EntryCodec.kindOf(body), EntryCodec.encode(body));
    }

    /** A step; to a store, bytes. */
    static Entry step(Lease lease, long place, String text) {
        return entry(lease, place, EntryKind.PLAIN, Bytes.utf8(text));
    }

    /** The first entry of an incarnation that is written beside a run. */
    static Entry firstEntry(Lease beside) {
        return Entry.grant(beside, 0, EntryKind.GRANT, origin());
    }

    static Entry end(Lease lease, long place, RunStatus status) {
        return entry(lease, place, new EntryBody.End(status, new StepOutcome.Nothing(), ""));
    }

    static Message message(String id, String name) {
        return new Message(id, name, Bytes.utf8("\"" + id + "\""));
    }
}
