// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Due;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.EntryCodec;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Incarnation;
import dev.cairn.spi.Lease;
import dev.cairn.spi.NewRun;
import dev.cairn.spi.Received;
import dev.cairn.spi.Refused;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import java.util.List;
import java.util.Optional;

/**
 * Moves a run from one store to another, act by act, so that it can be cut between any two: lease the source, begin the
 * arrival in the target, append the pages, end the source as moved, settle the target, delete the source (protocol R9).
 */
final class Mover {
    /** The acts, in order. */
    enum Act {
        LEASE,
        ARRIVE,
        APPEND,
        MOVED,
        SETTLE,
        DELETE
    }

    private final Instance source;
    private final Instance target;
    private final String runId;
    private Optional<Lease> from = Optional.empty();
    private Optional<Lease> to = Optional.empty();
    private Optional<Seen> exported = Optional.empty();

    Mover(Instance source, Instance target, String runId) {
        this.source = source;
        this.target = target;
        this.runId = runId;
    }

    /** Does everything; the last answer, or the first refusal. */
    Object move() {
        return upTo(Act.DELETE);
    }

    /** Does every act from the first to this one; the last answer, or the first refusal. */
    Object upTo(Act last) {
        Object answer = "nothing";
        for (Act act : Act.values()) {
            if (act.compareTo(last) > 0) {
                return answer;
            }
            answer = act(act);
            if (act == Act.ARRIVE && answer instanceof Refused && isMoved()) {
                source.expire(from()); // an earlier mover came so far: the target has it
                return last == Act.DELETE ? delete() : answer;
            }
            if (answer instanceof Refused) {
                return answer;
            }
        }
        return answer;
    }

    private boolean isMoved() {
        return exported().fold().end().filter(this::isMoved).isPresent();
    }

    Object act(Act act) {
        return switch (act) {
            case LEASE -> lease();
            case ARRIVE -> arrive();
            case APPEND -> append();
            case MOVED -> moved();
            case SETTLE -> settle();
            case DELETE -> delete();
        };
    }

    /** The lease over the source. */
    Lease from() {
        return from.orElseThrow();
    }

    /** The lease over what arrives. */
    Lease to() {
        return to.orElseThrow();
    }

    /** What was exported. */
    Seen exported() {
        return exported.orElseThrow();
    }

    /** An ended source is one that an earlier mover left: it is read all the same. */
    private Acquired lease() {
        Acquired answer = source.acquire(runId, Condition.openOrEnded().build());
        if (answer instanceof Granted granted) {
            from = Optional.of(granted.lease());
            exported = Optional.of(source.read(runId));
        }
        return answer;
    }

    private Acquired arrive() {
        Head head = exported().head();
        NewRun run = new NewRun(
                head.workflow(),
                head.version(),
                Incarnation.random(),
                head.labels(),
                RunStatus.ARRIVING,
                exported().entries().get(0).body(),
                from().token());
        Acquired answer = target.store().acquire(Requests.acquire(runId, new Acquire.Create(run)));
        if (answer instanceof Granted granted) {
            to = Optional.of(granted.lease());
        }
        return answer;
    }

    private Object append() {
        long place = 1;
        for (Entry entry : exported().counting()) {
            if (entry.kind() == EntryKind.PLAIN) {
                write(Requests.entry(to(), place++, EntryKind.PLAIN, entry.body()));
            }
        }
        for (Received message : exported().messages()) {
            write(Requests.entry(to(), place++, new EntryBody.Carried(List.of(message))));
        }
        return place - 1;
    }

    private void write(Entry entry) {
        Object answer = target.append(entry);
        if (!(answer instanceof Appended.Written)) {
            throw new IllegalStateException(
                    "the move needs its pages written, and the store answered " + Words.of(answer));
        }
    }

    private Settled moved() {
        Seen now = source.read(runId);
        if (now.fold().end().isPresent()) {
            source.expire(from()); // it ended before, or an earlier mover wrote it
            return new Settled.Done(now.head());
        }
        Entry moved = Requests.entry(from(), exported().length(), new EntryBody.Moved("elsewhere"));
        return source.store()
                .settle(Settle.of(moved, HeadChange.ended(RunStatus.CANCELLED).build()));
    }

    private boolean isMoved(Entry end) {
        return end.kind() == EntryKind.END && EntryCodec.decode(end) instanceof EntryBody.Moved;
    }

    private Settled settle() {
        Head head = exported().head();
        Optional<Entry> last = exported().fold().end().filter(end -> !isMoved(end));
        long place = target.read(runId).length();
        String progress = head.progress();
        if (last.isPresent()) {
            RunStatus status = EntryCodec.endStatus(last.get());
            return target.store()
                    .settle(Settle.of(
                            Requests.entry(
                                    to(), place, EntryKind.END, last.get().body()),
                            HeadChange.ended(status).progress(progress).build()));
        }
        Optional<Entry> waits = exported().fold().suspension();
        if (waits.isPresent()) {
            EntryBody.Suspension body = EntryCodec.suspension(waits.get());
            Bytes fresh = EntryCodec.encode(EntryBody.Suspension.of(body.awaits(), body.due(), 0));
            Due due = body.due().map(Due::at).orElse(Due.never());
            return target.store()
                    .settle(Settle.of(
                            Requests.entry(to(), place, EntryKind.SUSPENSION, fresh),
                            HeadChange.suspended(body.awaits(), due, 0)
                                    .progress(progress)
                                    .build()));
        }
        return target.store()
                .settle(Settle.of(
                        to(), HeadChange.ready(Due.now()).progress(progress).build()));
    }

    private Settled delete() {
        return source.delete(runId, source.revision(runId));
    }
}
