// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Appended;
import dev.cairn.spi.CommitId;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Due;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.EntryCodec;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Erase;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Lease;
import dev.cairn.spi.NewRun;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.Received;
import dev.cairn.spi.Refused;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.WorkflowVersions;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A run that arrives in another store. What stands at which place follows from the run alone, and so do the commit ids: two
 * who finish the same arrival write the same.
 */
final class Arrival {
    private final Connection target;
    private final SelfKept lease;

    private Arrival(Connection target, SelfKept lease) {
        this.target = target;
        this.lease = lease;
    }

    /**
     * Begins it: nobody claims the run before it is released, and nothing takes its place but a later mover of the same
     * source (protocol R9).
     *
     * @throws RunExistsException if there is another run of this id; it is unchanged
     * @throws IllegalArgumentException if the run itself is there: it is the same storage
     */
    static Arrival begin(Connection target, Exported run, Bytes grant, Lease source) {
        Head head = run.head();
        first(target, head.runId()).ifPresent(page -> checkNoOther(page, run));
        NewRun arriving = new NewRun(
                head.workflow(),
                head.version(),
                Incarnation.random(),
                head.labels(),
                RunStatus.ARRIVING,
                grant,
                source.token());
        HolderClock.Mark sent = target.settings().clock().now();
        Acquired answer = new Restores(target).acquire(head.runId(), new Acquire.Create(arriving));
        if (answer instanceof Granted granted) {
            return new Arrival(target, new SelfKept(target, sent, granted));
        }
        throw refusal((Refused) answer, source);
    }

    /** The body of its first entry: the mover's grant, with what the run began with. */
    static Bytes grant(Connection target, Exported run) {
        Head head = run.head();
        return target.grant(
                new WorkflowVersions(head.workflow(), head.version(), Set.of(head.version())), run.origin());
    }

    /** Tokens of different sources do not compare; the scope of its idempotency keys tells whether it is the same run. */
    private static void checkNoOther(Page page, Exported run) {
        if (page.head().status() == RunStatus.ARRIVING
                && !page.entries().isEmpty()
                && !scope(page.entries().get(0)).equals(Optional.of(run.origin().scope()))) {
            throw new RunExistsException("another run " + page.head().runId()
                    + " is arriving in the other store; this one was not moved and is unchanged");
        }
    }

    private static Optional<String> scope(Entry first) {
        return EntryCodec.decode(first) instanceof EntryBody.Grant grant
                ? grant.origin().map(EntryBody.Origin::scope)
                : Optional.empty();
    }

    private static RuntimeException refusal(Refused refused, Lease source) {
        String runId = source.runId();
        boolean isSame = refused.head().filter(head -> head.isHeldBy(source)).isPresent();
        if (isSame) {
            return new IllegalArgumentException(
                    "run " + runId + " cannot be moved to the storage and namespace that it is in; it is unchanged");
        }
        if (refused.reason() == Refused.Reason.EXISTS) {
            return new RunExistsException("run " + runId + " exists in the other store, "
                    + refused.head().map(Head::shownStatus).orElse(RunStatus.READY)
                    + "; it was not moved and is unchanged in both");
        }
        return RunRefusals.of(runId, refused, null, Duration.ZERO);
    }

    /**
     * Finds the arrival of a run that has left for it.
     *
     * @return empty if it was released before
     * @throws ConflictException if it is not in this store
     */
    static Optional<Arrival> ofMoved(Connection target, Exported run) {
        String mark = run.mark().orElseThrow();
        String namespace = target.store().namespace();
        Page page = first(target, run.head().runId()).orElseThrow(() -> notHere(run, mark));
        Head head = page.head();
        boolean arrives = head.status() == RunStatus.ARRIVING;
        Stream<Incarnation> others = arrives ? Stream.empty() : head.beside().keySet().stream();
        boolean isIt = Stream.concat(Stream.of(head.incarnation()), others)
                .anyMatch(incarnation -> isMark(mark, words(namespace, incarnation)));
        if (!isIt) {
            throw notHere(run, mark);
        }
        if (!arrives) {
            return Optional.empty();
        }
        // The one who copied it has done so whole, or the source would not say that it left: what is left is done under
        // their
        // lease, whoever they were.
        Granted theirs =
                new Granted(head.standing().orElseThrow(), target.settings().leaseTtl(), page);
        SelfKept lease = new SelfKept(target, target.settings().clock().now(), theirs);
        lease.renew();
        return Optional.of(new Arrival(target, lease));
    }

    private static boolean isMark(String mark, String words) {
        return HeadChange.moved(words).build().reason().equals(mark);
    }

    private static ConflictException notHere(Exported run, String mark) {
        return new ConflictException("run " + run.head().runId() + " was " + mark
                + ", and the given store does not have it; give the one that it was moved to");
    }

    static Optional<Page> first(Connection target, String runId) {
        Read request = new Read(runId, new Cursor.Start(), 1);
        return target.repeats().untilKnown(() -> target.store().read(request));
    }

    private static String words(String namespace, Incarnation incarnation) {
        return "namespace " + namespace + ", incarnation " + incarnation;
    }

    /** Which run of which namespace it is. */
    String words() {
        return words(target.store().namespace(), lease.lease().incarnation());
    }

    /**
     * Copies the entries.
     *
     * @param between is done before each
     * @throws ConflictException if a later mover of the run began anew
     */
    void copy(Exported run, Runnable between) {
        long place = 1;
        for (Entry entry : run.plain()) {
            between.run();
            write(place++, entry.body());
        }
    }

    private void write(long place, Bytes body) {
        lease.keep();
        Entry entry = entry(place, EntryKind.PLAIN, body);
        Appended answer = target.repeats().untilDone(() -> appended(entry));
        boolean stands = answer instanceof Appended.Written
                || (answer instanceof Appended.Taken taken && taken.entry().equals(entry));
        if (!stands) {
            throw lost();
        }
    }

    private Appended appended(Entry entry) {
        Appended answer = target.store().append(List.of(entry)).get(0);
        if (answer instanceof Appended.Failed failed) {
            throw failed.cause();
        }
        return answer;
    }

    private Entry entry(long place, EntryKind kind, Bytes body) {
        return Entry.of(lease.lease(), place, kind, CommitId.of(lease.lease().id(), place), body);
    }

    private ConflictException lost() {
        return new ConflictException("the arrival of run " + lease.lease().runId()
                + " was taken over by another mover; it is as that one leaves it. Look again");
    }

    /** Lets the run be claimed here, as it stood where it left, and with the signals that came until then. */
    void release(Exported run) {
        long place = 1L + run.plain().size();
        for (Received message : run.inbox()) {
            write(place++, EntryCodec.encode(new EntryBody.Carried(List.of(message))));
        }
        Settle request = settle(run, place);
        Settled answer = target.repeats().untilDone(() -> target.store().settle(request));
        if (!(answer instanceof Settled.Done) && !isReleased()) {
            throw lost();
        }
    }

    private Settle settle(Exported run, long place) {
        String progress = run.head().progress();
        if (run.end().isPresent()) {
            Entry end = run.end().get();
            HeadChange ended = HeadChange.ended(EntryCodec.endStatus(end))
                    .progress(progress)
                    .build();
            return Settle.of(entry(place, EntryKind.END, end.body()), ended);
        }
        Optional<EntryBody.Suspension> waits = run.suspension();
        HeadChange change = stood(run, waits).progress(progress).build();
        return waits.map(suspension ->
                        Settle.of(entry(place, EntryKind.SUSPENSION, EntryCodec.encode(suspension)), change))
                .orElseGet(() -> Settle.of(lease.lease(), change));
    }

    private static HeadChange.Builder stood(Exported run, Optional<EntryBody.Suspension> waits) {
        EntryBody.Moved moved = run.moved().orElseThrow();
        if (moved.status() == RunStatus.BLOCKED) {
            return HeadChange.blocked(moved.reason(), moved.due().map(Due::at).orElse(Due.never()));
        }
        if (moved.status() == RunStatus.SUSPENDED && waits.isPresent()) {
            return HeadChange.suspended(
                    waits.get().awaits(),
                    moved.due().map(Due::at).orElse(Due.never()),
                    waits.get().signalsSeen());
        }
        return HeadChange.ready(moved.due().map(Due::at).orElse(Due.now()));
    }

    /** Somebody else may have finished it under the same lease. */
    private boolean isReleased() {
        return first(target, lease.lease().runId())
                .map(Page::head)
                .filter(head -> head.status() != RunStatus.ARRIVING
                        && head.names(lease.lease().incarnation()))
                .isPresent();
    }

    /** Takes it back, unless a later mover has begun anew. */
    void undo() {
        Settle gone = Settle.of(lease.lease(), HeadChange.gone(0).build());
        Settled answer = target.repeats().untilKnown(() -> target.store().settle(gone));
        if (answer instanceof Settled.Done) {
            Erase.Leftover left =
                    new Erase.Leftover(lease.lease().runId(), lease.lease().incarnation());
            target.repeats().untilKnown(() -> target.store().erase(List.of(left)));
        }
    }
}
